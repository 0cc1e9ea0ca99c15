import { consume } from "../consume.ts";

export const handler = consume(["ticket.artifact_added", "ticket.unblocked"], ({ work }, event) =>
  work.advanceTicket(event),
);
