import type { RouteReply } from "@omoios/contracts/routes";
import { tasksToStop } from "@omoios/domain/agents/acting";
import { leaseOver } from "@omoios/domain/tasks/late-word";
import type { TaskRow } from "@omoios/domain/tasks/model";
import type { taskQueries } from "@omoios/domain/tasks/queries";
import { onlyVisible, tasksOf } from "@omoios/domain/tasks/reads";
import { artifactOf, earlierRevisions } from "@omoios/domain/tickets/artifacts";
import type { TicketRow } from "@omoios/domain/tickets/model";
import type { TicketParts } from "@omoios/domain/tickets/parts";
import { artifactView, gateView, revisionView, ticketView, visitView } from "@omoios/domain/tickets/present";
import type { TicketQueries } from "@omoios/domain/tickets/queries";
import { ticketOf } from "@omoios/domain/tickets/reads";
import type { ticketVerbs } from "@omoios/domain/tickets/service";
import type { TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { CallContext, Replays, Verbs } from "../verbs.ts";

type TicketRoutes =
  | "createTicket"
  | "listTickets"
  | "getTicket"
  | "patchTicket"
  | "transitionTicket"
  | "blockTicket"
  | "unblockTicket"
  | "cancelTicket"
  | "generateTasks"
  | "createTasks"
  | "listTicketTasks"
  | "getTicketGraph"
  | "getTicketHistory"
  | "getTicketGate"
  | "validateTicketGate"
  | "listTicketArtifacts"
  | "getTicketArtifact"
  | "listArtifactRevisions"
  | "addTicketArtifacts"
  | "getTicketContext"
  | "updateTicketContext";

export interface TicketRooms {
  parts: TicketParts;
  tickets: ReturnType<typeof ticketVerbs>;
  queries: TicketQueries;
  tasks: ReturnType<typeof taskQueries>;
}

/** What answers the routes of tickets. */
export function ticketRouteVerbs({ parts, tickets, queries, tasks }: TicketRooms): Pick<Verbs, TicketRoutes> {
  const shown = async (ticket: TicketRow) =>
    ticketView(ticket, await parts.store.get("ticket_body", { ticket_id: ticket.ticket_id }));
  const orders = ordersOf(parts);
  return {
    createTicket: async (ctx, { body }) => shown(await tickets.open(ctx, body)),
    listTickets: async (_ctx, { query }) => queries.list(query),
    getTicket: async (_ctx, { params }) => shown(await ticketOf(parts, params.ticket_id)),
    patchTicket: async (ctx, { params, body }) => shown(await tickets.edit(ctx, params.ticket_id, body, ctx.if_match)),
    transitionTicket: async (ctx, { params, body }) => shown(await tickets.transition(ctx, params.ticket_id, body)),
    blockTicket: async (ctx, { params, body }) => shown(await tickets.block(ctx, params.ticket_id, body.reason)),
    unblockTicket: async (ctx, { params, body }) => shown(await tickets.unblock(ctx, params.ticket_id, body.reason)),
    cancelTicket: async (ctx, { params, body }) => shown(await tickets.cancel(ctx, params.ticket_id, body.reason)),
    async generateTasks(ctx, { params, body }) {
      const made = await tickets.generate(ctx, params.ticket_id, body.phase_id);
      return { tasks: made.map((task_id) => ({ ref: null, task_id })) };
    },
    async createTasks(ctx, { params, body }) {
      await mustHold(parts, ctx, params.ticket_id, body);
      return { tasks: await tickets.addTasks(ctx, params.ticket_id, body.tasks), ...orders(ctx) };
    },
    async listTicketTasks(ctx, { params, query }) {
      const ticket = await ticketOf(parts, params.ticket_id);
      const { rows, cursor } = await tasks.ofTicket(ticket.ticket_id, query, ctx.now);
      return { items: rows, next_cursor: cursor ?? null };
    },
    getTicketGraph: async (_ctx, { params }) => queries.graph(await ticketOf(parts, params.ticket_id)),
    async getTicketHistory(_ctx, { params, query }) {
      const { ticket_id } = await ticketOf(parts, params.ticket_id);
      const { rows, cursor } = await parts.store.page("visit", { ticket_id }, { ...query, newest_first: true });
      return { items: rows.map(visitView), next_cursor: cursor ?? null };
    },
    getTicketGate: async (ctx, { params }) => gateView(await tickets.gate(ctx, params.ticket_id)),
    validateTicketGate: async (ctx, { params }) => gateView(await tickets.validateGate(ctx, params.ticket_id)),
    async listTicketArtifacts(_ctx, { params, query }) {
      const { ticket_id } = await ticketOf(parts, params.ticket_id);
      const { rows, cursor } = await parts.store.page("artifact", { ticket_id }, query);
      return { items: rows.map(artifactView), next_cursor: cursor ?? null };
    },
    async getTicketArtifact(_ctx, { params, query }) {
      const { ticket_id } = await ticketOf(parts, params.ticket_id);
      return artifactView(await artifactOf(parts, ticket_id, params.artifact_id, query.revision));
    },
    async listArtifactRevisions(_ctx, { params, query }) {
      const { ticket_id } = await ticketOf(parts, params.ticket_id);
      const { rows, cursor } = await earlierRevisions(parts, ticket_id, params.artifact_id, query);
      return { items: rows.map(revisionView), next_cursor: cursor ?? null };
    },
    async addTicketArtifacts(ctx, { params, body }) {
      const held = await mustHold(parts, ctx, params.ticket_id, body);
      if (held === undefined && body.task_id !== undefined) await mustBeOf(parts, params.ticket_id, body.task_id);
      const rows = await tickets.artifacts(ctx, params.ticket_id, body.artifacts, body.task_id, held);
      return { artifacts: rows.map(artifactView), ...orders(ctx) };
    },
    getTicketContext: async (_ctx, { params, query }) => tickets.context(params.ticket_id, query.budget_tokens),
    async updateTicketContext(ctx, { params, body }) {
      await mustHold(parts, ctx, params.ticket_id, body);
      return { ...(await tickets.updateContext(ctx, params.ticket_id, body)), ...orders(ctx) };
    },
  };
}

/** Which tasks an agent is to stop, where one calls: it is told so also where it speaks of a ticket. */
const ordersOf =
  ({ limits }: TicketParts) =>
  ({ principal, now }: CallContext) =>
    principal?.kind === "agent" ? { stop_tasks: tasksToStop(principal.agent, now, limits) } : {};

/** What a repeated request reads again. */
export function ticketReplays({ parts, tickets, queries }: TicketRooms) {
  const again = async (_ctx: CallContext, made: string) => {
    const ticket = await ticketOf(parts, made);
    return ticketView(ticket, await parts.store.get("ticket_body", { ticket_id: ticket.ticket_id }));
  };
  const orders = ordersOf(parts);
  const tasksAgain = async (ctx: CallContext, made: string) => ({
    tasks: JSON.parse(made) as RouteReply<"createTasks">["tasks"],
    ...orders(ctx),
  });
  return {
    createTicket: again,
    transitionTicket: again,
    blockTicket: again,
    unblockTicket: again,
    cancelTicket: again,
    createTasks: tasksAgain,
    generateTasks: async (_ctx, made) => ({ tasks: await queries.tasksOfVisit(made) }),
    validateTicketGate: async (ctx, made) => gateView(await tickets.gate(ctx, made)),
    addTicketArtifacts: async (ctx, made) => ({
      artifacts: (await queries.artifactsNamed(made)).map(artifactView),
      ...orders(ctx),
    }),
    updateTicketContext: async (ctx, made) => ({ ...(await tickets.context(made)), ...orders(ctx) }),
  } satisfies Partial<Replays>;
}

/** People name a task of the ticket, if any; throws `request.invalid`. */
async function mustBeOf(parts: TicketParts, ticket_id: string, task_id: TaskId): Promise<void> {
  const [task] = await onlyVisible(parts, await tasksOf(parts, [task_id]));
  if (task?.ticket_id === ticket_id) return;
  const message = `${task_id} is no task of ${ticket_id}`;
  throw new Problem("request.invalid", { detail: message, errors: [{ path: "/task_id", message }] });
}

/** An agent acts on a ticket only through a task of it that it holds. Answers the task; nothing for people. */
async function mustHold(
  parts: TicketParts,
  ctx: CallContext,
  ticket_id: string,
  named: { task_id?: TaskId | undefined; fence?: number | undefined },
): Promise<TaskRow | undefined> {
  if (ctx.principal?.kind !== "agent") return undefined;
  const { agent_id } = ctx.principal;
  const task = named.task_id === undefined ? undefined : await parts.store.get("task", { task_id: named.task_id });
  const holds =
    task?.status === "running" &&
    task.agent_id === agent_id &&
    task.fence === named.fence &&
    task.ticket_id === ticket_id;
  if (holds) return task;
  const { fence } = named;
  if (task?.ticket_id === ticket_id && fence !== undefined) {
    const attempt = await parts.store.get("attempt", { task_id: task.task_id, fence, orphan: "" });
    if (attempt?.agent_id === agent_id) throw leaseOver(task, fence);
  }
  throw new Problem("task.foreign_evidence", {
    detail: "Name a task of this ticket that you hold (task_id), and its fence.",
  });
}
