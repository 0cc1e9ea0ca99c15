import { expect, test } from "vitest";
import type { FleetAgent } from "../../agents/fleet.ts";
import { type RequestContext, Stale } from "../../commit.ts";
import type { AgentBook, BaselinePage, NotePage } from "./book.ts";
import { scoreFleet } from "./score-fleet.ts";

const ctx = { now: 0 } as RequestContext;

/** A book in memory, which keeps to versions as the table does. */
function bookInMemory(): AgentBook & { usual: BaselinePage } {
  const pages = new Map<number, NotePage>();
  const book = {
    usual: { baselines: {}, version: 0 } as BaselinePage,
    read: async () => ({ pages: [...pages.values()], usual: book.usual }),
    async savePage(page: NotePage) {
      if ((pages.get(page.n)?.version ?? 0) !== page.version) throw new Stale("page");
      pages.set(page.n, { ...page, version: page.version + 1 });
    },
    async saveBaselines(page: BaselinePage) {
      if (book.usual.version !== page.version) throw new Stale("baselines");
      book.usual = { ...page, version: page.version + 1 };
    },
  };
  return book;
}

/** Two agents of a kind, in pages of their own: one goes on as it did, the other changes. */
function fleetInMinutes() {
  const quarantined: string[] = [];
  const book = bookInMemory();
  const record = { steady: [0, 0, 0, 0], odd: [0, 0, 0, 0] } as Record<string, [number, number, number, number]>;
  const agentOf = (name: "steady" | "odd", health: object): FleetAgent =>
    ({
      agent: {
        agent_id: `agent_${name === "odd" ? "01" : "02"}`,
        agent_type: "worker",
        slots: name === "odd" ? { 0: { task_id: "task_1" } } : {},
        record: {
          P: {
            completed: record[name]?.[0],
            failed: record[name]?.[1],
            busy_ms: record[name]?.[2],
            failed_ms: record[name]?.[3],
          },
        },
      },
      pulse: { health },
    }) as unknown as FleetAgent;
  const parts = {
    book,
    dependentsOf: async (ids: readonly string[]) => ids.length * 3,
    quarantine: async (_ctx: RequestContext, agent_id: string) => void quarantined.push(agent_id),
  };
  const usual = { cpu_usage_percent: 10, memory_usage_mb: 500 };
  const did = (name: string, completed: number, failed: number, seconds: number, failed_seconds = 0) => {
    const [done, lost, busy, in_vain] = record[name] ?? [0, 0, 0, 0];
    record[name] = [done + completed, lost + failed, busy + seconds * 1000, in_vain + failed_seconds * 1000];
  };
  const sweep = (health = usual) => scoreFleet(parts, ctx, [agentOf("steady", usual), agentOf("odd", health)]);
  return {
    quarantined,
    book,
    sweep,
    async usualMinutes(count: number) {
      await sweep();
      for (let n = 0; n < count; n++) {
        did("steady", 1, 0, 10 + (n % 3));
        did("odd", 1, 0, 10 + (n % 3));
        await sweep();
      }
    },
    usualMinute() {
      did("steady", 1, 0, 11);
      did("odd", 1, 0, 11);
    },
    /** Whatever it takes fails at once. */
    async failingMinute(health = usual) {
      did("odd", 0, 20, 0, 2);
      return sweep(health);
    },
    /** Its only success takes a hundred times as long, the rest fails, and it needs everything there is. */
    async oddMinute(sweeps = 1) {
      did("odd", 1, 60, 1_000);
      const health = { cpu_usage_percent: 100, memory_usage_mb: 9_000 };
      return Promise.all(Array.from({ length: sweeps }, () => sweep(health)));
    },
  };
}

const oddScore = (scores: Awaited<ReturnType<typeof scoreFleet>>) =>
  scores.find(({ labels }) => labels.agent_id === "agent_01")?.value;

test("an agent that is unlike its kind in three readings in a row goes into quarantine, and is learned from no more", async () => {
  const minutes = fleetInMinutes();
  await minutes.usualMinutes(40);
  expect(oddScore(await minutes.sweep())).toBeUndefined();
  const seen = () => minutes.book.usual.baselines["worker#P"]?.latency_seconds.seen;
  const scores: number[] = [];
  const learned: (number | undefined)[] = [];
  for (let n = 0; n < 30 && minutes.quarantined.length === 0; n++) {
    learned.push(seen());
    const [made = []] = await minutes.oddMinute();
    scores.push(oddScore(made) ?? 0);
  }
  expect(minutes.quarantined).toEqual(["agent_01"]);
  expect(scores.filter((score) => score >= 0.8)).toHaveLength(3);
  expect(scores.slice(-3).every((score) => score >= 0.8)).toBe(true);
  expect(learned.slice(-3)).toEqual([seen(), seen(), seen()]);
});

test("two sweeps side by side take one reading", async () => {
  const minutes = fleetInMinutes();
  await minutes.usualMinutes(40);
  const made = await minutes.oddMinute(2);
  expect(made.map(oddScore).filter((score) => score !== undefined)).toHaveLength(1);
});

test("the score is the whole formula also where the queue alone says something", async () => {
  const minutes = fleetInMinutes();
  await minutes.usualMinutes(40);
  minutes.usualMinute();
  const scores = await minutes.sweep();
  expect(scores.find(({ labels }) => labels.agent_id === "agent_02")?.value).toBeLessThan(0.01);
  // All that wait for anything wait for this one, and hardly anything else about it is unusual.
  expect(oddScore(scores)).toBeGreaterThanOrEqual(0.15);
  expect(oddScore(scores)).toBeLessThan(0.16);
});

test.each([
  ["for which all others wait", { cpu_usage_percent: 10, memory_usage_mb: 500 }, 0.8],
  ["which needs nothing any more", { cpu_usage_percent: 0, memory_usage_mb: 5 }, 1],
])("an agent %s goes into quarantine with its third reading once all that it takes fails", async (_, health, score) => {
  const minutes = fleetInMinutes();
  await minutes.usualMinutes(40);
  const scores: (number | undefined)[] = [];
  for (let n = 0; n < 3; n++) {
    expect(minutes.quarantined).toEqual([]);
    scores.push(oddScore(await minutes.failingMinute(health)));
  }
  expect(scores).toEqual([score, score, score]);
  expect(minutes.quarantined).toEqual(["agent_01"]);
});
