import { seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { contextAt, limits, MINUTE, NOW } from "../../../../tests/harness/task-row.ts";
import type { LaneHint } from "../store.ts";
import { cachedHints } from "./hint-cache.ts";
import type { ClassRow, LaneRow } from "./model.ts";
import { unmetDemands } from "./unmet.ts";

const A = "PHASE_A";
const agentClass = (class_id: string, capabilities: string[], phase_ids = [A]): ClassRow => ({
  version: 1,
  class_id,
  phase_ids,
  capabilities,
  touched_at: NOW,
});
const lane = (name: string, capabilities: string[], phase_id = A): LaneRow => ({
  version: 1,
  lane: name,
  phase_id,
  capabilities,
  shards: 1,
  touched_at: NOW,
});

const CLASSES = [
  agentClass("go", ["go"]),
  agentClass("rust", ["rust", "linux"]),
  agentClass("all", ["go", "rust", "gpu"]),
];

interface World {
  lanes?: LaneRow[];
  depths?: Record<string, number[]>;
  notice?: boolean;
}

/** A process whose reads are counted, and what it said. */
function process({ lanes = [lane("gpu", ["rust", "gpu"])], depths = { gpu: [2, 1] }, notice = true }: World = {}) {
  const said: Record<string, unknown>[] = [];
  const reads: string[] = [];
  const clock = { at: NOW, now: () => clock.at };
  const store = {
    all: async (kind: string) => {
      reads.push(kind);
      return kind === "lane" ? lanes : CLASSES;
    },
  };
  const read = async (names: readonly string[]) => {
    reads.push(`hints ${names.length}`);
    const hint = (name: string): LaneHint => ({
      lane: name,
      shards: (depths[name] ?? []).map((depth, shard) => ({ shard, depth, first: NOW })),
    });
    return new Map(names.map((name) => [name, hint(name)]));
  };
  const look = unmetDemands({
    store: store as never,
    workHints: cachedHints({ read }, clock, { keep_ms: limits.hint_cache_ms, again_ms: limits.hint_again_ms }),
    limits,
    notice: notice ? (_message, fields) => said.push(fields) : undefined,
  });
  const after = async (ms: number, class_id = "go", random = () => 0) => {
    clock.at = NOW + ms;
    await look(contextAt(clock.at, random), class_id);
  };
  return { said, reads, after };
}

describe("an empty claim says what its class lacks for the work of its phases", () => {
  test("with those who come closest to it, who can take it first", async () => {
    const { said, after } = process();
    await after(0);
    expect(said).toEqual([
      {
        class_id: "go",
        phase_ids: [A],
        capabilities: ["go"],
        lanes: [
          {
            lane: "gpu",
            phase_id: A,
            required_capabilities: ["rust", "gpu"],
            tasks: 3,
            missing: ["rust", "gpu"],
            alternatives: [
              { capabilities: ["go", "rust", "gpu"], missing: [] },
              { capabilities: ["rust", "linux"], missing: ["gpu"] },
            ],
          },
        ],
      },
    ]);
  });

  test("the fullest lanes first, five at most", async () => {
    const lanes = Array.from({ length: 7 }, (_, n) => lane(`l${n}`, ["rust", `x${n}`]));
    const { said, after } = process({ lanes, depths: Object.fromEntries(lanes.map((row, n) => [row.lane, [n + 1]])) });
    await after(0);
    expect(said).toMatchObject([{ lanes: ["l6", "l5", "l4", "l3", "l2"].map((name) => ({ lane: name })) }]);
  });

  test.each<[string, World, string]>([
    ["the lane holds nothing", { depths: { gpu: [0, -1] } }, "go"],
    ["it could have taken it", { lanes: [lane("gpu", ["go"])] }, "go"],
    ["the lane is of another phase", { lanes: [lane("gpu", ["rust"], "PHASE_B")] }, "go"],
    ["its class is not known", {}, "unknown"],
    ["nobody reads the log", { notice: false }, "go"],
  ])("and nothing where %s", async (_, world, class_id) => {
    const { said, after } = process(world);
    await after(0, class_id);
    expect(said).toEqual([]);
  });
});

describe("it is sampled", () => {
  test("one empty claim in twenty looks at all", async () => {
    let looked = 0;
    const random = seededRandom(6);
    for (let n = 0; n < 4_000; n++) {
      const { reads, after } = process();
      await after(0, "go", random);
      if (reads.length > 0) looked++;
    }
    // 200, give or take five standard deviations.
    expect(looked).toBeGreaterThan(130);
    expect(looked).toBeLessThan(270);
  });

  test("a class looks at most once a minute, another class in its own time", async () => {
    const { said, after } = process();
    for (const ms of [0, 1, MINUTE - 1]) await after(ms);
    expect(said).toHaveLength(1);
    await after(MINUTE - 1, "rust");
    expect(said).toHaveLength(2);
    await after(MINUTE);
    expect(said).toHaveLength(3);
  });

  test("lanes and classes are read once a minute for all classes, hints only where they are not cached", async () => {
    const { reads, after } = process();
    await after(0, "go");
    expect(reads.sort()).toEqual(["agent_class", "hints 1", "lane"]);
    await after(1, "rust");
    expect(reads).toHaveLength(3);
    await after(MINUTE + 1, "rust");
    expect(reads).toHaveLength(6);
  });

  test("what is not looked at costs nothing", async () => {
    const { reads, after } = process();
    await after(0, "go", () => 0.5);
    await process({ notice: false }).after(0);
    expect(reads).toEqual([]);
  });
});
