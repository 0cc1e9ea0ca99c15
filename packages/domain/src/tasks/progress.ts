import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { EventDraft } from "../commit.ts";
import { digest } from "../digest.ts";
import type { TaskRow } from "./model.ts";

/** What a holder says of the work that it is at. */
export interface Said {
  /** For people: it goes with the event. */
  note?: string | undefined;
  percent?: number | undefined;
  /** Names what the agent just did, as the call of a tool with its arguments: the same hash is the same act. */
  event_hash?: string | undefined;
  /** What was used since the last word. */
  usage?: Readonly<Record<string, number>> | undefined;
  artifacts?: readonly unknown[] | undefined;
}

/**
 * What stands in the row is a few bytes. Of the last four acts two characters each are kept: an agent that goes round among so few is
 * seen, and of a thousand new acts one is taken for a known one, which the next one mends.
 */
const MARK_LENGTH = 2;
const ACTS = 4;
const EACH_MARK = new RegExp(`.{${MARK_LENGTH}}`, "g");
const MOST_REPEATS = 9_999;
const MOST_TOKENS = 999_999_999;

/**
 * The task after a word of its holder, which renews the lease. One of the last acts again, where nothing has changed with it, is the
 * word of an agent that lives and does not get on: it is no progress, and no event.
 */
export function heard(
  task: TaskRow,
  said: Said,
  now: Instant,
  limits: Pick<Limits, "lease_seconds" | "progress_event_every_seconds">,
): { next: TaskRow; events: EventDraft[] } {
  const mark = said.event_hash === undefined ? undefined : markOf(said.event_hash);
  const acts: readonly string[] = (task.act ?? "").match(EACH_MARK) ?? [];
  const grows = (said.percent ?? 0) > (task.percent ?? 0) || (said.artifacts?.length ?? 0) > 0;
  const changes = grows || (mark !== undefined && !acts.includes(mark));
  const repeats = mark !== undefined && !changes;
  const next: TaskRow = {
    ...task,
    lease_expires_at: now + limits.lease_seconds * 1000,
    percent: said.percent ?? task.percent,
    act: mark === undefined ? task.act : [mark, ...acts.filter((known) => known !== mark)].slice(0, ACTS).join(""),
    repeats: changes ? undefined : upTo(MOST_REPEATS, task.repeats, repeats ? 1 : 0),
    tokens: changes ? undefined : upTo(MOST_TOKENS, task.tokens, tokensOf(said.usage)),
  };
  if (repeats) return { next, events: [] };
  const note = said.note?.trim() || undefined;
  return {
    next: { ...next, progressed_at: now, renewals: undefined, stuck: undefined },
    events: isSampled(task, note, now, limits) ? [progressed(note)] : [],
  };
}

/** The first word of each window; and the first of an attempt if it notes something, or a short task would show nothing. */
function isSampled(
  task: TaskRow,
  note: string | undefined,
  now: Instant,
  limits: Pick<Limits, "progress_event_every_seconds">,
): boolean {
  const every = limits.progress_event_every_seconds * 1000;
  if (every === 0 || (note !== undefined && task.progressed_at === task.started_at)) return true;
  return Math.floor(now / every) !== Math.floor((task.progressed_at ?? 0) / every);
}

const progressed = (note: string | undefined): EventDraft =>
  note === undefined ? { type: "task.progressed" } : { type: "task.progressed", data: { note }, fits: "note" };

const markOf = (hash: string): string => Buffer.from(digest(hash)).toString("base64url").slice(0, MARK_LENGTH);

/** A sum, which is left out where it is nothing. */
const upTo = (most: number, before = 0, more: number): number | undefined => Math.min(most, before + more) || undefined;

/** The total where one is named, else the sum of all that counts tokens. */
function tokensOf(usage: Said["usage"] = {}): number {
  const parts = Object.entries(usage).filter(([name]) => name.endsWith("_tokens"));
  const sum = usage.total_tokens ?? usage.tokens ?? parts.reduce((all, [, used]) => all + Math.max(0, used), 0);
  return Math.round(Math.max(0, Math.min(MOST_TOKENS, sum)));
}

/** Whether for as long as a lease lasts the holder said nothing but what it had said before. */
export function repeatsItself(task: TaskRow, now: Instant, { lease_seconds }: Pick<Limits, "lease_seconds">): boolean {
  return task.repeats !== undefined && now - (task.progressed_at ?? 0) >= lease_seconds * 1000;
}
