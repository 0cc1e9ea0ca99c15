import type { Priority } from "@omoios/contracts/shapes/common";

/** What a workflow's texts and conditions may speak of. */
interface TicketFacts {
  ticket_id: string;
  title: string;
  description: string | null;
  priority: Priority;
  external_ref: string | null;
  labels: readonly string[];
}

/** One entry of a ticket into a phase. */
export interface Visit {
  ticket: TicketFacts;
  number: number;
  /** Why the ticket came back, newest last; empty on the way forward. */
  feedback: readonly string[];
}
