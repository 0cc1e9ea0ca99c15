import type { Envelope } from "@omoios/contracts/events";
import type { DispatchMessage, TimerMessage } from "@omoios/contracts/jobs";
import { eventSignal } from "@omoios/domain/alerting/sources/plane-event";
import type { Exported } from "@omoios/domain/audit/export-sealed";
import type { RequestContext } from "@omoios/domain/commit";
import { samplesOfEvent } from "@omoios/domain/monitor/figures/event-samples";
import { sweepDue } from "@omoios/domain/sweep";
import { dispatch } from "@omoios/domain/tasks/dispatch";
import { sweepLanes } from "@omoios/domain/tasks/lane-sweep";
import { hasEnded, type TaskRow } from "@omoios/domain/tasks/model";
import { offer, offerAll } from "@omoios/domain/tasks/offer";
import { finishSettling, settleTask } from "@omoios/domain/tasks/settle";
import { taskIsDue } from "@omoios/domain/tasks/timer";
import { batchIsDue } from "@omoios/domain/tickets/batch";
import { noticeLostDependencies, noticeReturn, noticeStuckDependencies } from "@omoios/domain/tickets/blocking-service";
import { toRfc3339 } from "@omoios/kernel/clock";
import { type Context, systemContext } from "@omoios/kernel/context";
import { isId, type TaskId, type TicketId } from "@omoios/kernel/ids";
import { currentScope } from "./observe/scope.ts";
import type { Rooms } from "./rooms.ts";
import { timedParts } from "./timed-parts.ts";

const EXPORT_FOR_MS = 240_000;
const MINUTE_MS = 60_000;

/** What the plane does by itself: for an event, a message, a moment. Every one of these may come late, twice, or out of order. */
export type Work = ReturnType<typeof work>;

export function work(rooms: Rooms) {
  const { parts, tickets, clock, random } = rooms;
  const acting = (part: string, from: Partial<Context> = {}): RequestContext =>
    systemContext(part, clock.now(), random, { ...currentScope()?.context, ...from });
  const after = (part: string, event: Envelope): RequestContext => {
    const { correlation_id, id: causation_id } = event;
    // In a scope, its own span stands between the event and what follows.
    const traceparent = currentScope()?.context.traceparent ?? event.traceparent;
    return acting(part, { correlation_id, causation_id, ...(traceparent === null ? {} : { traceparent }) });
  };

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
      await tickets.advance(after("advance-ticket", event), event.subject.id as TicketId);
    },

    /** A ticket entered a phase, or ended. */
    enterPhase: (event: Envelope): Promise<void> =>
      tickets.enterPhase(after("enter-phase", event), event.subject.id as TicketId),

    /** An event that is the source of an alert. */
    async alertOn(event: Envelope): Promise<void> {
      const ctx = after("alerting", event);
      const samples = samplesOfEvent(event);
      if (samples.length > 0) await rooms.series.takeSamples(ctx, samples, undefined);
      const signal = eventSignal(event);
      // What a rule judges by the metric of the event's name is one alert, and its rule's.
      const ruled =
        signal?.status === "firing" && (await rooms.rules.ofMetric(event.type)).some((rule) => rule.enabled);
      if (signal !== undefined && !ruled) await rooms.alerting.hear(ctx, [signal]);
    },

    /** An event that the watchdog acts on, or that ends what it waits for. */
    remedy: (event: Envelope): Promise<void> => rooms.watchdog.hear(after("watchdog", event), event),
    /** An event that policies of the guardian may act on. */
    intervene: (event: Envelope): Promise<void> => rooms.guardian.hear(after("guardian", event), event),

    /** A row is due. */
    async isDue({ kind, id, due_at }: TimerMessage): Promise<void> {
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
        case "alert":
          return rooms.alerting.alertIsDue(ctx, id);
        case "alert_group":
          return rooms.alerting.groupIsDue(ctx, id);
        case "alert_delivery":
          return rooms.deliver(ctx, id);
        case "remediation":
          return rooms.watchdog.isDue(ctx, id);
        case "beat":
          return rooms.watchdog.beatIsDue(ctx, due_at);
        case "intervention":
          return rooms.guardian.isDue(ctx, id);
        case "ladder":
          return rooms.agents.watchAgain(ctx, due_at);
        case "offer":
          return dispatch(rooms.dispatching, ctx, { task_id: id, version: 0 });
      }
    },

    /** A task became ready: a hint. */
    dispatch: (message: DispatchMessage): Promise<void> => dispatch(rooms.dispatching, acting("dispatch"), message),

    /**
     * What stands behind every message: each minute. One part that fails keeps no other from its work; when the beats of all are kept,
     * it throws.
     */
    async sweep(): Promise<{ due: number }> {
      const ctx = acting("sweep");
      const watched = rooms.agents.watchBeats(ctx);
      let due = 0;
      const { runs, failed } = await timedParts(
        {
          due: async () => {
            const { sent, position } = await sweepDue(
              { due: rooms.due, timers: parts.timers, positions: rooms.positions },
              ctx.now,
            );
            due = sent;
            return `${sent} rows due, all swept up to ${toRfc3339(position * MINUTE_MS)}`;
          },
          heartbeats: async () => {
            await watched;
            return "every pulse judged";
          },
          lanes: async () => {
            await sweepLanes(parts, rooms.hints, ctx, await parts.book.compile(ctx));
            return "lanes compiled";
          },
          offers: async () => {
            await offerAll(rooms.dispatching, ctx);
            return "waiting tasks offered";
          },
          audit: async () => {
            await rooms.audit.seal(ctx);
            return "chains sealed";
          },
          monitor: async () => {
            await rooms.monitor.sweep(ctx, await watched.catch(() => undefined));
            return "figures sampled, rules judged";
          },
        },
        clock,
      );
      await rooms.watchdog.swept(ctx, runs, clock.now()).catch((error: unknown) => failed.push(error));
      // Lambda logs a thrown error's own message, and none of those inside it.
      if (failed.length > 0) throw new AggregateError(failed, failed.map(String).join("; "));
      return { due };
    },

    /** What was sealed of the audit goes into the stage's bucket. What is left after four minutes is the next run's. */
    exportAudit: (): Promise<Exported> => rooms.audit.exportSealed(acting("audit-export"), clock.now() + EXPORT_FOR_MS),
  };
}
