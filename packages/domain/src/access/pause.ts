import type { Instant } from "@omoios/kernel/clock";
import type { Change } from "../commit.ts";
import type { PauseRow } from "./model.ts";

/** Pauses the stage's claims. Pausing again gives a new reason, and the pause goes on since it began. */
export function pause(before: PauseRow | undefined, reason: string, now: Instant): Change {
  const since = before?.paused ? before.since : now;
  return {
    kind: "pause",
    ...(before === undefined ? {} : { before }),
    after: { version: before?.version ?? 0, mail_until: before?.mail_until, paused: true, reason, since },
    events: [{ type: "plane.paused" }],
  };
}

/** How long claims look into their agents' boxes after a message: as long as an agent may promise to be silent. */
const MAIL_OPEN_MS = 600_000;
/** A flag that is up for so much less is left as it is, so that many messages are no more writes. */
const RAISED_EVERY_MS = 60_000;

/** Has claims look into their agents' boxes for a while. Nothing to do where they do already. */
export function raiseMail(before: PauseRow | undefined, now: Instant): Change | undefined {
  const mail_until = now + MAIL_OPEN_MS;
  if (before?.mail_until !== undefined && before.mail_until > mail_until - RAISED_EVERY_MS) return undefined;
  return before === undefined
    ? { kind: "pause", after: { version: 0, paused: false, mail_until } }
    : { kind: "pause", before, after: { ...before, mail_until } };
}

/** Lets claims go on. Where they do already, nothing has happened that anybody must be told. */
export function resume(before: PauseRow | undefined): Change {
  return {
    kind: "pause",
    ...(before === undefined ? {} : { before }),
    after: { version: before?.version ?? 0, mail_until: before?.mail_until, paused: false },
    ...(before?.paused ? { events: [{ type: "plane.resumed" }] } : {}),
  };
}
