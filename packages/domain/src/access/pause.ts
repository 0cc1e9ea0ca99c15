import type { Instant } from "@omoios/kernel/clock";
import type { Change } from "../commit.ts";
import type { PauseRow } from "./model.ts";

/** Pauses the stage's claims. Pausing again gives a new reason, and the pause goes on since it began. */
export function pause(before: PauseRow | undefined, reason: string, now: Instant): Change {
  const since = before?.paused ? before.since : now;
  return {
    kind: "pause",
    ...(before === undefined ? {} : { before }),
    after: { version: before?.version ?? 0, paused: true, reason, since },
    events: [{ type: "plane.paused" }],
  };
}

/** Lets claims go on. Where they do already, nothing has happened that anybody must be told. */
export function resume(before: PauseRow | undefined): Change {
  return {
    kind: "pause",
    ...(before === undefined ? {} : { before }),
    after: { version: before?.version ?? 0, paused: false },
    ...(before?.paused ? { events: [{ type: "plane.resumed" }] } : {}),
  };
}
