import type { Envelope } from "@omoios/contracts/events";
import type { DispatchMessage, TimerMessage } from "@omoios/contracts/jobs";
import type { AlarmStateChange } from "@omoios/contracts/shapes/cloudwatch-alarm";
import type { Exported } from "@omoios/domain/audit/export-sealed";
import type { RequestContext } from "@omoios/domain/commit";
import { dispatch } from "@omoios/domain/tasks/dispatch";
import { hasEnded, type TaskRow } from "@omoios/domain/tasks/model";
import { offer } from "@omoios/domain/tasks/offer";
import { finishSettling, settleTask } from "@omoios/domain/tasks/settle";
import { taskIsDue } from "@omoios/domain/tasks/timer";
import {
  noticeLostDependencies,
  noticeReturn,
  noticeStuckDependencies,
} from "@omoios/domain/tickets/lost-dependencies";
import { batchIsDue } from "@omoios/domain/tickets/open-batch";
import { isId, type TaskId, type TicketId } from "@omoios/kernel/ids";
import { actingOf } from "./acting.ts";
import type { Rooms } from "./rooms.ts";
import type { WatchWork } from "./watch-work.ts";

const EXPORT_FOR_MS = 240_000;

/** What the plane does by itself: for an event, a message, a moment. Every one of these may come late, twice, or out of order. */
export type Work = ReturnType<typeof work>;

/** @param watching what watches over the work, when something asks for it: most functions never do */
export function work(rooms: Rooms, watching: () => Promise<WatchWork>) {
  const { parts, tickets, clock } = rooms;
  const { acting, after } = actingOf(rooms);

  /** Everything that follows from a task's end, in this order: edges, waiting tickets, the gate; then its due row goes. */
  const settle = async (ctx: RequestContext, task: TaskRow): Promise<void> => {
    await settleTask(parts, ctx, task);
    if (task.status !== "completed") await noticeStuckDependencies(parts, ctx, [task.task_id]);
    await tickets.taskEnded(ctx, task.ticket_id);
    await finishSettling(parts, ctx, task);
  };

  /** An agent that is pushed to gets its next task when its last one ends. */
  const offerNext = async (ctx: RequestContext, agent_id: unknown): Promise<void> => {
    const delivery = (await rooms.dispatching.pushed()).find((row) => row.agent_id === agent_id);
    if (delivery === undefined || (await parts.isPaused())) return;
    const agent = await parts.store.get("agent", { agent_id: delivery.agent_id });
    if (agent !== undefined) await offer(rooms.dispatching, ctx, agent, delivery);
  };

  return {
    /** A task ended, or came back by a retry. */
    async settleTask(event: Envelope): Promise<void> {
      const ctx = after("settle-task", event);
      const task = isId("task", event.subject.id)
        ? await parts.store.get("task", { task_id: event.subject.id })
        : undefined;
      if (task === undefined) return;
      await offerNext(ctx, event.data.agent_id);
      if (hasEnded(task.status)) await settle(ctx, task);
      else if (event.data.explicit === true) await noticeReturn(parts, ctx, task);
    },

    /** Something that a gate depends on changed. */
    advanceTicket: async (event: Envelope): Promise<void> => {
      const [ctx, ticket_id] = [after("advance-ticket", event), event.subject.id as TicketId];
      if (event.type === "ticket.unblocked") await tickets.unblocked(ctx, ticket_id);
      else await tickets.advance(ctx, ticket_id);
    },

    /** A ticket entered a phase, or ended. */
    enterPhase: (event: Envelope): Promise<void> =>
      tickets.enterPhase(after("enter-phase", event), event.subject.id as TicketId),

    /** An event that is the source of an alert. */
    alertOn: async (event: Envelope): Promise<void> => (await watching()).alertOn(event),

    /** An alarm of CloudWatch changed its state. */
    alertOnAlarm: async (change: AlarmStateChange): Promise<void> => (await watching()).alertOnAlarm(change),

    /** An event that the watchdog acts on, or that ends what it waits for. */
    remedy: async (event: Envelope): Promise<void> => (await watching()).remedy(event),
    /** An event that policies of the guardian may act on. */
    intervene: async (event: Envelope): Promise<void> => (await watching()).intervene(event),

    /** A row is due. */
    async isDue(message: TimerMessage): Promise<void> {
      const { kind, id, due_at } = message;
      const ctx = acting("timers");
      switch (kind) {
        case "task":
          return taskIsDue(parts, ctx, id as TaskId, {
            settle: (task) => settle(ctx, task),
            stillWaits: (task) => noticeLostDependencies(parts, ctx, task),
          });
        case "ticket":
          return tickets.isDue(ctx, id as TicketId);
        case "batch":
          return isId("batch", id) ? batchIsDue(parts, ctx, id) : undefined;
        case "message":
          return rooms.agents.messageIsDue(ctx, id);
        case "agent":
          return rooms.agents.due(ctx, id, due_at);
        case "ladder":
          return rooms.agents.watchAgain(ctx, due_at);
        case "offer":
          return dispatch(rooms.dispatching, ctx, { task_id: id, version: 0 });
        default:
          return (await watching()).isDue({ kind, id, due_at });
      }
    },

    /** A task became ready: a hint. */
    dispatch: (message: DispatchMessage): Promise<void> => dispatch(rooms.dispatching, acting("dispatch"), message),

    /** What stands behind every message: each minute. Throws, when all its parts have run, what those met that failed. */
    sweep: async (): Promise<{ due: number }> => (await watching()).sweep(),

    /** What was sealed of the audit goes into the stage's bucket. What is left after four minutes is the next run's. */
    exportAudit: (): Promise<Exported> => rooms.audit.exportSealed(acting("audit-export"), clock.now() + EXPORT_FOR_MS),
  };
}
