import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { MessageId } from "@omoios/kernel/ids";
import type { Letter } from "./life-rows.ts";
import type { PulseRow } from "./model.ts";

/** An agent's box, in its pulse row. */
export type Box = Pick<PulseRow, "mail" | "mail_last" | "acked" | "beats">;
export type MailLimits = Pick<Limits, "agent_messages">;

/** A letter with the number by which its agent acknowledges it. An agent's first letter has number 1. */
export interface OpenLetter extends Letter {
  number: number;
}

/** The number up to which an agent has its messages. One that no message of it has says nothing: it is of another agent's box. */
export function ackedOf({ acked = 0, mail_last = 0 }: Box, newly = 0): number {
  return Math.max(0, ...[acked, newly].filter((number) => number <= mail_last));
}

/**
 * The letters that the agent has not acknowledged, the oldest first, but for those that were kept for it long enough.
 * @param newly what it acknowledges just now
 */
export function openLetters(box: Box, now: Instant, { agent_messages }: MailLimits, newly?: number): OpenLetter[] {
  const { mail = [], mail_last = 0 } = box;
  const acked = ackedOf(box, newly);
  const kept_since = now - agent_messages.keep_seconds * 1000;
  return mail
    .map((letter, index) => ({ ...letter, number: mail_last - mail.length + 1 + index }))
    .filter(({ number, at }) => number > acked && at > kept_since);
}

/** The box with one letter more, and without those that are done with. A full one takes none; one that has the letter stays as it is. */
export function posted(
  box: Box,
  id: MessageId,
  now: Instant,
  limits: MailLimits,
): { mail: Letter[]; mail_last: number } | "full" | "there" {
  if (box.mail?.some((letter) => letter.id === id)) return "there";
  const open = openLetters(box, now, limits);
  if (open.length >= limits.agent_messages.open) return "full";
  const mail = [...open.map(({ number: _number, ...letter }) => letter), { id, at: now, beats: box.beats ?? 0 }];
  return { mail, mail_last: (box.mail_last ?? 0) + 1 };
}

/** The number of the newest letter that came with the answers to so many beats that its agent should have acknowledged it by now. */
export function unheardNumber(box: Box, now: Instant, limits: MailLimits): number | undefined {
  const { unheard_beats } = limits.agent_messages;
  return openLetters(box, now, limits).findLast(({ beats }) => (box.beats ?? 0) - beats >= unheard_beats)?.number;
}
