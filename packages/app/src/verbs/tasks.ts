import { tasksToStop } from "@omoios/domain/agents/acting";
import type { Agents } from "@omoios/domain/agents/service";
import type { EventLog } from "@omoios/domain/event-log";
import { acceptTask } from "@omoios/domain/tasks/accept";
import { briefed } from "@omoios/domain/tasks/brief";
import type { claims } from "@omoios/domain/tasks/claim";
import type { holderVerbs } from "@omoios/domain/tasks/holder";
import type { TaskRow } from "@omoios/domain/tasks/model";
import type { operatorVerbs } from "@omoios/domain/tasks/operator";
import { deadLetterView, taskStanding } from "@omoios/domain/tasks/present";
import type { taskQueries } from "@omoios/domain/tasks/queries";
import { visibleTask } from "@omoios/domain/tasks/reads";
import type { TicketParts } from "@omoios/domain/tickets/parts";
import { artifactView } from "@omoios/domain/tickets/present";
import type { ticketVerbs } from "@omoios/domain/tickets/service";
import { fromRfc3339, toRfc3339 } from "@omoios/kernel/clock";
import { isId, type TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { CallContext, Replays, Verbs } from "../verbs.ts";
import { actingAgent } from "./agents.ts";

type TaskRoutes =
  | "createTask"
  | "listTasks"
  | "getTask"
  | "patchTask"
  | "claimTasks"
  | "acceptTask"
  | "progressTask"
  | "completeTask"
  | "failTask"
  | "releaseTask"
  | "addTaskArtifacts"
  | "waitTask"
  | "resumeTask"
  | "cancelTask"
  | "retryTask"
  | "getTaskMatch"
  | "listTaskAttempts"
  | "listTaskEvents"
  | "listDeadLetters"
  | "redriveDeadLetter";

export interface TaskRooms {
  parts: TicketParts;
  claim: ReturnType<typeof claims>;
  holder: ReturnType<typeof holderVerbs>;
  operator: ReturnType<typeof operatorVerbs>;
  queries: ReturnType<typeof taskQueries>;
  tickets: ReturnType<typeof ticketVerbs>;
  log: EventLog;
  agents: Pick<Agents, "mail">;
}

/** What answers the routes of tasks. */
export function taskRouteVerbs(rooms: TaskRooms): Pick<Verbs, TaskRoutes> {
  return { ...agentSide(rooms), ...operatorSide(rooms), ...reads(rooms) };
}

type AgentSide =
  | "claimTasks"
  | "acceptTask"
  | "progressTask"
  | "completeTask"
  | "failTask"
  | "releaseTask"
  | "addTaskArtifacts"
  | "waitTask";
type Reads = "listTasks" | "getTask" | "getTaskMatch" | "listTaskAttempts" | "listTaskEvents" | "listDeadLetters";

function agentSide({ parts, claim, holder, queries, agents: { mail } }: TaskRooms): Pick<Verbs, AgentSide> {
  const agentOf = (ctx: CallContext) => actingAgent(ctx).agent;
  const orders = (ctx: CallContext) => ({ stop_tasks: tasksToStop(agentOf(ctx), ctx.now, parts.limits) });
  const shown = async (ctx: CallContext, task: TaskRow) => ({ ...(await queries.view(task, ctx.now)), ...orders(ctx) });
  return {
    async claimTasks(ctx, { body }) {
      const request = { max: body.max ?? 1, wait_ms: body.wait_ms ?? 0, key: ctx.idempotency_key };
      const agent = agentOf(ctx);
      const answer = await claim(ctx, agent, request);
      const taken = new Set<string>(answer.tasks.map(({ task_id }) => task_id));
      const stop_tasks = orders(ctx).stop_tasks.filter((task_id) => !taken.has(task_id));
      return { ...answer, stop_tasks, messages: await mail(ctx, agent, body.acked) };
    },
    async acceptTask(ctx, { params, body }) {
      const task = await acceptTask(parts, ctx, agentOf(ctx), params.task_id as TaskId, body.fence);
      return { ...(await briefed(parts, task, ctx.now)), ...orders(ctx) };
    },
    async progressTask(ctx, { params, body }) {
      const task = await holder.progress(ctx, agentOf(ctx), params.task_id as TaskId, body);
      return { lease_expires_at: toRfc3339(task.lease_expires_at ?? ctx.now), action: "continue", ...orders(ctx) };
    },
    async completeTask(ctx, { params, body }) {
      const { success, artifacts, handoff, ...said } = body.result;
      const given = { ...said, success, artifacts, handoff };
      const { task, result } = await holder.complete(ctx, agentOf(ctx), params.task_id as TaskId, body.fence, given);
      // Not the whole task: its words, attempts and edges would be four more requests of the commonest of writes.
      return { ...taskStanding(task, ctx.now), result, ...orders(ctx) };
    },
    failTask: async (ctx, { params, body }) =>
      shown(ctx, await holder.fail(ctx, agentOf(ctx), params.task_id as TaskId, body.fence, body)),
    releaseTask: async (ctx, { params, body }) =>
      shown(ctx, await holder.release(ctx, agentOf(ctx), params.task_id as TaskId, body)),
    async addTaskArtifacts(ctx, { params, body }) {
      const rows = await holder.handIn(ctx, agentOf(ctx), params.task_id as TaskId, body.fence, body.artifacts);
      return { artifacts: rows.map(artifactView), ...orders(ctx) };
    },
    async waitTask(ctx, { params, body }) {
      const until = body.until === undefined ? undefined : fromRfc3339(body.until);
      return shown(ctx, await holder.wait(ctx, agentOf(ctx), params.task_id as TaskId, { ...body, until }));
    },
  };
}

function operatorSide({ operator, queries, tickets }: TaskRooms): Pick<Verbs, Exclude<TaskRoutes, AgentSide | Reads>> {
  const shown = (ctx: CallContext, task: TaskRow) => queries.view(task, ctx.now);
  return {
    async createTask(ctx, { body: { ticket_id, ...task } }) {
      const [made] = await tickets.addTasks(ctx, ticket_id, [task], () => "");
      return queries.made(made?.task_id ?? "", ctx.now);
    },
    async patchTask(ctx, { params, body }) {
      const { deadline_at, ...edit } = body;
      const deadline = deadline_at === undefined || deadline_at === null ? deadline_at : fromRfc3339(deadline_at);
      return shown(
        ctx,
        await operator.edit(
          ctx,
          params.task_id,
          { ...edit, ...(deadline === undefined ? {} : { deadline_at: deadline }) },
          ctx.if_match,
        ),
      );
    },
    resumeTask: async (ctx, { params, body }) => shown(ctx, await operator.resume(ctx, params.task_id, body.answer)),
    cancelTask: async (ctx, { params, body }) => shown(ctx, await operator.cancel(ctx, params.task_id, body.reason)),
    retryTask: async (ctx, { params, body }) => shown(ctx, await operator.retry(ctx, params.task_id, body.reason)),
    async redriveDeadLetter(ctx, { params }) {
      if (!isId("deadLetter", params.dead_letter_id)) throw new Problem("dead_letter.not_found");
      return deadLetterView(await operator.redrive(ctx, params.dead_letter_id));
    },
  };
}

function reads({ parts, queries, log }: TaskRooms): Pick<Verbs, Reads> {
  return {
    async listTasks(ctx, { query }) {
      const { ticket_id, agent_id, phase_id, status, error_kind, priority, ...page } = query;
      const wanted = { status, error_kind, priority, phase_id };
      if (ticket_id !== undefined) return thinned(parts, await queries.ofTicket(ticket_id, page, ctx.now), wanted);
      if (agent_id !== undefined) return thinned(parts, await queries.heldBy(agent_id, page, ctx.now), wanted);
      if (phase_id !== undefined && (status === "ready" || status === "running" || status === "failed")) {
        return thinned(parts, await queries.ofPhase(phase_id, status, page, ctx.now), wanted);
      }
      const message = "one of ticket_id, agent_id, or phase_id with status ready, running or failed is required";
      throw new Problem("request.invalid", {
        detail: message,
        errors: [{ path: phase_id === undefined ? "ticket_id" : "status", message }],
      });
    },
    getTask: (ctx, { params }) => queries.get(params.task_id, ctx.now),
    getTaskMatch: (_ctx, { params }) => queries.match(params.task_id),
    async listTaskAttempts(_ctx, { params, query }) {
      const { rows, cursor } = await queries.attempts(params.task_id, query);
      return { items: rows, next_cursor: cursor ?? null };
    },
    async listTaskEvents(_ctx, { params, query }) {
      const { task_id } = await visibleTask(parts, params.task_id);
      const { rows, cursor } = await log.ofSubject(task_id, query);
      return { items: rows, next_cursor: cursor ?? null };
    },
    async listDeadLetters(_ctx, { query: { status, phase_id, ...page } }) {
      const { rows, cursor } = await parts.store.list("dead_letter", `dead_letters#${status}`, {
        ...page,
        newest_first: true,
      });
      const items = rows.filter((row) => phase_id === undefined || row.phase_id === phase_id).map(deadLetterView);
      return { items, next_cursor: cursor ?? null };
    },
  };
}

type Listed = Awaited<ReturnType<ReturnType<typeof taskQueries>["ofTicket"]>>;
type Wanted = {
  status?: string | undefined;
  error_kind?: string | undefined;
  priority?: string | undefined;
  phase_id?: string | undefined;
};

/** The filters that thin a page. An error's kind lies with the attempts, and is looked up only where it is asked for. */
async function thinned(
  parts: TicketParts,
  { rows, cursor }: Listed,
  { status, error_kind, priority, phase_id }: Wanted,
) {
  const passing = rows.filter(
    (task) =>
      (status === undefined || task.status === status) &&
      (priority === undefined || task.priority === priority) &&
      (phase_id === undefined || task.phase_id === phase_id),
  );
  if (error_kind === undefined) return { items: passing, next_cursor: cursor ?? null };
  const latest = await Promise.all(
    passing.map(({ task_id }) => parts.store.page("attempt", { task_id }, { limit: 20, newest_first: true })),
  );
  const items = passing.filter(
    (_, index) => latest[index]?.rows.find(({ error }) => error !== undefined)?.error?.kind === error_kind,
  );
  return { items, next_cursor: cursor ?? null };
}

/** What a repeated request reads again. */
export function taskReplays({ parts, queries }: TaskRooms) {
  const again = (ctx: CallContext, made: string) => queries.get(made, ctx.now);
  return {
    createTask: (ctx, made) => {
      const [first] = JSON.parse(made) as { task_id: string }[];
      return queries.get(first?.task_id ?? "", ctx.now);
    },
    resumeTask: again,
    cancelTask: again,
    retryTask: again,
    async redriveDeadLetter(_ctx, made) {
      const row = isId("deadLetter", made) ? await parts.store.get("dead_letter", { dead_letter_id: made }) : undefined;
      if (row === undefined) throw new Problem("dead_letter.not_found");
      return deadLetterView(row);
    },
  } satisfies Partial<Replays>;
}
