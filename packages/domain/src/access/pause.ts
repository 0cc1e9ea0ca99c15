import type { Instant } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import type { ChangeOf } from "../commit.ts";
import type { PauseRow } from "./model.ts";

type PauseChange = ChangeOf<"pause"> & { after: PauseRow };

const changed = (before: PauseRow | undefined, change: Partial<PauseRow>): PauseChange => ({
  kind: "pause",
  ...(before === undefined ? {} : { before }),
  after: { version: 0, paused: false, ...before, ...change },
});

/** Pauses the stage's claims. Pausing again gives a new reason, and the pause goes on since it began. */
export function pause(before: PauseRow | undefined, reason: string, now: Instant): PauseChange {
  const since = before?.paused ? before.since : now;
  return { ...changed(before, { paused: true, reason, since }), events: [{ type: "plane.paused" }] };
}

/** How long claims look into their agents' boxes after a message: as long as an agent may promise to be silent. */
const MAIL_OPEN_MS = 600_000;
/** A flag that is up for so much less is left as it is, so that many messages are no more writes. */
const RAISED_EVERY_MS = 60_000;

/** Has claims look into their agents' boxes for a while. Nothing to do where they do already. */
export function raiseMail(before: PauseRow | undefined, now: Instant): PauseChange | undefined {
  const mail_until = now + MAIL_OPEN_MS;
  if (before?.mail_until !== undefined && before.mail_until > mail_until - RAISED_EVERY_MS) return undefined;
  return changed(before, { mail_until });
}

/** Lets claims go on. Where they do already, nothing has happened that anybody must be told. */
export function resume(before: PauseRow | undefined, reason: string | undefined): PauseChange {
  const said = reason === undefined ? {} : { data: { reason }, fits: "reason" };
  return {
    ...changed(before, { paused: false, reason: undefined, since: undefined }),
    ...(before?.paused ? { events: [{ type: "plane.resumed", ...said }] } : {}),
  };
}

/** Every claim reads the row with these. */
const MOST_PAUSED_LANES = 50;

/** Keeps claims from a lane, or opens it again with `since` undefined. Throws `lane.too_many_paused`. */
export function pauseLane(before: PauseRow | undefined, lane: string, since: Instant | undefined): PauseChange {
  const { [lane]: _known, ...others } = before?.lanes ?? {};
  const lanes = since === undefined ? others : { ...others, [lane]: since };
  if (Object.keys(lanes).length > MOST_PAUSED_LANES) throw new Problem("lane.too_many_paused");
  return changed(before, { lanes: Object.keys(lanes).length === 0 ? undefined : lanes });
}
