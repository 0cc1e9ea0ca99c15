import type { Envelope } from "@omoios/contracts/events";
import type { TimerMessage } from "@omoios/contracts/jobs";
import type { AlarmStateChange } from "@omoios/contracts/shapes/cloudwatch-alarm";
import { alarmSignal } from "@omoios/domain/alerting/sources/cloudwatch";
import { eventSignal, isJudgedByItsMetric } from "@omoios/domain/alerting/sources/plane-event";
import { samplesOfEvent } from "@omoios/domain/monitor/figures/event-samples";
import { sweepDue } from "@omoios/domain/sweep";
import { sweepLanes } from "@omoios/domain/tasks/lane-sweep";
import { offerAll } from "@omoios/domain/tasks/offer";
import { toRfc3339 } from "@omoios/kernel/clock";
import { actingOf } from "./acting.ts";
import type { Rooms } from "./rooms.ts";
import { timedParts } from "./timed-parts.ts";
import type { WatchRooms } from "./watch-rooms.ts";

const MINUTE_MS = 60_000;

/** The part of the plane's own work that watches over the rest; `work` hands it on. */
export type WatchWork = ReturnType<typeof watchWork>;

/** What the rooms that watch wait for. */
export type WatchedTimer = Pick<TimerMessage, "id" | "due_at"> & {
  kind: Extract<
    TimerMessage["kind"],
    "alert" | "alert_group" | "alert_delivery" | "receiver_test" | "remediation" | "beat" | "intervention"
  >;
};

export function watchWork(rooms: Rooms, watch: WatchRooms) {
  const { parts, clock } = rooms;
  const { alerting, rules, series, monitor, watchdog, guardian, deliver, sendTest } = watch;
  const { acting, after } = actingOf(rooms);

  return {
    /** An event that is the source of an alert. */
    async alertOn(event: Envelope): Promise<void> {
      const ctx = after("alerting", event);
      const samples = samplesOfEvent(event);
      if (samples.length > 0) await series.takeSamples(ctx, samples, undefined);
      const signal = eventSignal(event);
      // What a rule judges by the metric of the event's name is one alert, and its rule's.
      const judged = signal?.status === "firing" && isJudgedByItsMetric(event);
      const ruled = judged && (await rules.ofMetric(event.type)).some((rule) => rule.enabled);
      if (signal !== undefined && !ruled) await alerting.hear(ctx, [signal]);
    },

    /** An alarm of CloudWatch changed its state. */
    async alertOnAlarm(change: AlarmStateChange): Promise<void> {
      const signal = alarmSignal(change);
      if (signal !== undefined) await alerting.hear(acting("alerting"), [signal]);
    },

    /** An event that the watchdog acts on, or that ends what it waits for. */
    remedy: (event: Envelope): Promise<void> => watchdog.hear(after("watchdog", event), event),
    /** An event that policies of the guardian may act on. */
    intervene: (event: Envelope): Promise<void> => guardian.hear(after("guardian", event), event),

    /** A row is due. */
    async isDue({ kind, id, due_at }: WatchedTimer): Promise<void> {
      const ctx = acting("timers");
      switch (kind) {
        case "alert":
          return alerting.alertIsDue(ctx, id);
        case "alert_group":
          return alerting.groupIsDue(ctx, id);
        case "alert_delivery":
          return deliver(ctx, id);
        case "receiver_test":
          return sendTest(ctx, id);
        case "remediation":
          return watchdog.isDue(ctx, id);
        case "beat":
          return watchdog.beatIsDue(ctx, due_at);
        case "intervention":
          return guardian.isDue(ctx, id);
      }
    },

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
            await monitor.sweep(ctx, await watched.catch(() => undefined));
            return "figures sampled, rules judged";
          },
        },
        clock,
      );
      await watchdog.swept(ctx, runs, clock.now()).catch((error: unknown) => failed.push(error));
      // Lambda logs a thrown error's own message, and none of those inside it.
      if (failed.length > 0) throw new AggregateError(failed, failed.map(String).join("; "));
      return { due };
    },
  };
}
