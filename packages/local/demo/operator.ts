import type { BlockingReason, Gate, Ticket } from "@omoios/contracts/views/ticket";
import { ApiProblem } from "@omoios/sdk/api-problem";
import type { Client } from "@omoios/sdk/client";
import { paginate } from "@omoios/sdk/paginate";
import type { BacklogTicket } from "./backlog.ts";

/** Work that comes back more often than this is a fault of the demo. */
const MOST_RETURNS = 2;

/** What the operator tells whoever watches. */
export type Tell = (message: string) => void;

/** Files the backlog. Asked again, with the same run, it files nothing twice. */
export async function fileBacklog(client: Client, tickets: BacklogTicket[], run: string): Promise<void> {
  for (const { ref, ...ticket } of tickets) {
    const body = { ...ticket, external_ref: ref, project: "plaincsv", start: true };
    await client.createTicket({ body }, { idempotency_key: `${run}-${ref}` });
  }
}

/** All tickets of the demo, in the backlog's order. */
async function readTickets(client: Client): Promise<Ticket[]> {
  const tickets: Ticket[] = [];
  for await (const ticket of paginate(client, "listTickets", { query: { project: "plaincsv", limit: 100 } })) {
    tickets.push(ticket);
  }
  return tickets.sort((a, b) => refOf(a).localeCompare(refOf(b)));
}

function refOf(ticket: Ticket): string {
  return ticket.external_ref ?? ticket.ticket_id;
}

/**
 * Watches the tickets as an operator would: tells each move, and sends work whose gate failed back to its design with the
 * gate's reasons.
 */
export class Operator {
  readonly #client: Client;
  readonly #tell: Tell;
  readonly #seen = new Map<string, string>();
  readonly #returns = new Map<string, number>();

  constructor(client: Client, tell: Tell) {
    this.#client = client;
    this.#tell = tell;
  }

  /** One look at everything. True when every ticket is done; throws when work came back too often or a ticket was ended. */
  async look(): Promise<boolean> {
    const tickets = await readTickets(this.#client);
    for (const ticket of tickets) {
      this.#tellMove(ticket);
      if (ticket.status === "cancelled" || ticket.status === "rejected")
        throw new Error(`${refOf(ticket)} is ${ticket.status}`);
      if (ticket.phase_id === "PHASE_IMPLEMENTATION") await this.#judge(ticket);
    }
    return tickets.length > 0 && tickets.every((ticket) => ticket.phase_id === "PHASE_DONE");
  }

  #tellMove(ticket: Ticket): void {
    const place = `${ticket.phase_id}#${ticket.visit}`;
    if (this.#seen.get(ticket.ticket_id) === place) return;
    this.#seen.set(ticket.ticket_id, place);
    this.#tell(`${refOf(ticket)} is in ${ticket.phase_id}`);
  }

  async #judge(ticket: Ticket): Promise<void> {
    const params = { ticket_id: ticket.ticket_id };
    if (!isFailed(await this.#client.getTicketGate({ params }), ticket)) return;
    // The stored verdict may be older than the newest evidence: it is asked for again before work is sent back.
    const gate = await this.#client.validateTicketGate({ params });
    if (!isFailed(gate, ticket)) return;
    await this.#sendBack(ticket, gate);
  }

  async #sendBack(ticket: Ticket, gate: Gate): Promise<void> {
    const returns = (this.#returns.get(ticket.ticket_id) ?? 0) + 1;
    const reason = gate.blocking_reasons.map(describe).join("; ");
    if (returns > MOST_RETURNS) throw new Error(`${refOf(ticket)} came back ${returns} times: ${reason}`);
    const body = { to_phase: "PHASE_DESIGN", reason: reason.slice(0, 1_000) };
    const key = `${ticket.ticket_id}-return-${ticket.visit}`;
    try {
      await this.#client.transitionTicket({ params: { ticket_id: ticket.ticket_id }, body }, { idempotency_key: key });
    } catch (failure) {
      // Moved meanwhile: the next look sees where to.
      if (failure instanceof ApiProblem && failure.status === 409) return;
      throw failure;
    }
    this.#returns.set(ticket.ticket_id, returns);
    this.#tell(`${refOf(ticket)} goes back to its design: ${reason}`);
  }
}

/** Only the verdict on the phase and visit that the ticket is in counts. */
function isFailed(gate: Gate, ticket: Ticket): boolean {
  return gate.verdict === "failed" && gate.phase_id === ticket.phase_id && gate.visit === ticket.visit;
}

function describe({ artifact, criterion, expected, actual, message }: BlockingReason): string {
  return `${message} (${criterion ?? artifact ?? "gate"}: expected ${JSON.stringify(expected)}, actual ${JSON.stringify(actual)})`;
}
