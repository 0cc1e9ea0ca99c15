import { chained, orderOf, pageHash } from "./chain.ts";

export const KEY = { kid: "k", secret: new Uint8Array(32).fill(7) };
export const KEYS = new Map([[KEY.kid, KEY]]);
export const NOW = Date.parse("2026-01-05T10:00:00Z");

const eventText = (subject: string, version: number, at: number) => {
  const time = new Date(at).toISOString();
  const data = { status: "running" };
  return JSON.stringify({
    id: `${subject}#${version}#0`,
    type: "task.started",
    time,
    subject: { kind: "task", id: subject },
    data,
  });
};

/** Pages of two chains by turns, two entries each. */
export function pagesOf(count: number) {
  const ends = new Map<string, { n: number; hash: string; at: number }>();
  return Array.from({ length: count }, (_, index) => {
    const chain = index % 2 === 0 ? "a" : "b";
    const { n, hash: prev, at: prev_at } = ends.get(chain) ?? { n: 0, hash: "", at: 0 };
    const at = NOW + index * 1000;
    const subjects = [`task_${index}x`, `task_${index}y`];
    const texts = subjects.map((subject) => ({ event: eventText(subject, 1, at), before: '{"status":"ready"}' }));
    const { entries, last } = chained(KEY, { chain, n: n + 1, prev }, texts);
    const keys = subjects.map((subject) => `${new Date(at).toISOString()}#${subject}#1#0`);
    const said = {
      of: "events" as const,
      order: orderOf(at, chain, n + 1),
      chain,
      n: n + 1,
      kid: "k",
      keys,
      prev,
      prev_at,
    };
    const hash = pageHash(KEY, said, last);
    ends.set(chain, { n: n + 1, hash, at });
    return { ...said, hash, entries };
  });
}
