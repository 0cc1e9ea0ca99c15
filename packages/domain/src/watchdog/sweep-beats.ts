import type { Instant } from "@omoios/kernel/clock";
import { isFiring } from "../alerting/alert.ts";
import { fingerprint, identityLabels } from "../alerting/identity.ts";
import type { RequestContext } from "../commit.ts";
import { beatsAfter, lateParts, type PartRun, WHOLE } from "./beats.ts";
import type { WatchdogParts } from "./parts.ts";

/** What is said of a part of the sweep that stands still. */
export const SWEEP_LATE = "sweep_late";
/** Behind the moment at which a beat is late, so that it is late by then. */
const SLACK_MS = 2_000;
/** A message that comes so late tells of the whole plane's sleep, and not of the sweep's. */
const OVERSLEPT_MS = 60_000;

/** The watch over the watchers: the sweep's own beats. */
export function sweepBeats(parts: WatchdogParts) {
  const { beats, timers, store, alerting, limits } = parts;
  const late_ms = limits.sweep_late_seconds * 1000;

  const say = (ctx: RequestContext, status: "firing" | "resolved", part: string, at: Instant) =>
    alerting.hear(ctx, [
      {
        alertname: SWEEP_LATE,
        labels: { part },
        status,
        severity: "critical",
        annotations: {
          summary: `${part === WHOLE ? "The sweep" : `The sweep's part ${part}`} did not run through for ${limits.sweep_late_seconds} s`,
        },
        at,
        routing: [],
        deduplication_window_ms: 0,
      },
    ]);

  /** Ends the alert of a part that beats again; one that nobody was told of has none. */
  const sayOver = async (ctx: RequestContext, part: string, at: Instant): Promise<void> => {
    const print = fingerprint(identityLabels({ alertname: SWEEP_LATE, labels: { part } }));
    const alert = await store.get("alert", { fingerprint: print });
    if (alert !== undefined && isFiring(alert)) await say(ctx, "resolved", part, at);
  };

  return {
    /**
     * A sweep is over: its beats are kept, and it has itself looked after once the next one would be late. That message comes also
     * where no sweep does any more. A part that fails while others run is told of here.
     */
    async swept(ctx: RequestContext, runs: readonly PartRun[], ended_at: Instant): Promise<void> {
      const before = (await beats.load()) ?? {};
      const after = beatsAfter(before, runs, ctx.now, ended_at);
      await beats.save(after);
      await timers.set([{ kind: "beat", id: WHOLE, due_at: ended_at + late_ms + SLACK_MS }], ended_at);
      const late = lateParts(after, ended_at, late_ms);
      for (const part of late) await say(ctx, "firing", part, ended_at);
      // The message looks at any moment, also just before the sweep that it misses has left its beat.
      const maybe = new Set([WHOLE, ...lateParts(before, ended_at, late_ms)]);
      for (const part of maybe) if (!late.includes(part)) await sayOver(ctx, part, ended_at);
    },

    /** Once a beat would be late: whether it is. */
    async beatIsDue(ctx: RequestContext, due_at: Instant): Promise<void> {
      if (ctx.now - due_at > OVERSLEPT_MS) return;
      const whole = (await beats.load())?.[WHOLE];
      if (whole !== undefined && ctx.now - whole.at > late_ms) await say(ctx, "firing", WHOLE, ctx.now);
    },
  };
}
