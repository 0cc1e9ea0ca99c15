import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import { checksumOf, gapsBetween, type Heartbeat, readBeat } from "./heartbeat.ts";
import type { AgentRow } from "./model.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const [A, B, C] = ["a", "b", "c"].map((letter) => `task_${letter.repeat(20)}`) as [TaskId, TaskId, TaskId];

const agent = (...tasks: TaskId[]): AgentRow => ({
  agent_id: "agent_11111111-1111-4111-8111-111111111111" as AgentId,
  agent_name: "worker-any-001",
  agent_type: "worker",
  status: "IDLE",
  class_id: "c",
  key_id: "k",
  public_x: "x",
  epoch: 2,
  capacity: 5,
  slots: Object.fromEntries(tasks.map((task_id, n) => [String(n), { task_id, fence: 1, at: NOW }])),
  failed: {},
  version: 1,
});

function beat(given: Partial<Heartbeat> = {}): Heartbeat {
  const body: Heartbeat = {
    sequence_number: 4,
    status: "IDLE",
    current_task_ids: [],
    health_metrics: {},
    checksum: "",
    ...given,
  };
  return { ...body, checksum: checksumOf(body) };
}

describe("the checksum", () => {
  it("is that of canonical JSON, as RFC 8785 writes it", () => {
    // Computed with sha256sum over {"current_task_ids":[],"health_metrics":{"cpu_usage_percent":0.5},"sequence_number":1,"status":"IDLE"}
    expect(checksumOf(beat({ sequence_number: 1, health_metrics: { cpu_usage_percent: 0.5 } }))).toBe(
      "d47755f2d27d4a2db0ef0c6bb689d60f07f99a95a6a62acb20a9521cfe1288c2",
    );
  });

  it("does not depend on the order of members", () => {
    const body = beat({ next_by: "2026-01-05T10:05:00Z", acked: 3 });
    expect(checksumOf(Object.fromEntries(Object.entries(body).reverse()) as Heartbeat)).toBe(body.checksum);
  });

  it.each<[string, Partial<Heartbeat>]>([
    ["the number", { sequence_number: 5 }],
    ["the status", { status: "RUNNING" }],
    ["the tasks", { current_task_ids: [A] }],
    ["a figure", { health_metrics: { custom: { x: 1 } } }],
    ["a member more", { acked: 0 }],
  ])("covers %s", (_what, change) => {
    const outcome = readBeat({ ...beat(), ...change }, agent(), NOW);
    expect(outcome).toMatchObject({ accepted: false, problem: { code: "agent.checksum_mismatch" } });
  });
});

describe("a beat", () => {
  it.each<{ rule: string; held: TaskId[]; named: TaskId[]; stop: TaskId[]; left: TaskId[] }>([
    { rule: "of an idle agent", held: [], named: [], stop: [], left: [] },
    { rule: "that names what is held", held: [A, B], named: [B, A], stop: [], left: [] },
    { rule: "that names what is not held", held: [A], named: [A, B], stop: [B], left: [] },
    { rule: "that leaves out what is held", held: [A, B], named: [B], stop: [], left: [A] },
    { rule: "that leaves out what two slots hold", held: [A, A], named: [], stop: [], left: [A] },
    { rule: "that does both, and names one twice", held: [A], named: [C, C], stop: [C], left: [A] },
  ])("$rule", ({ held, named, stop, left }) => {
    const outcome = readBeat(beat({ current_task_ids: named }), agent(...held), NOW);
    expect(outcome).toMatchObject({
      accepted: true,
      value: { stop_tasks: stop, beat: { left_out: left.map((id) => `${id}#1`), epoch: 2, sequence: 4, beat_at: NOW } },
    });
  });

  it.each([
    { ahead_ms: 600_000, accepted: true },
    { ahead_ms: 601_000, accepted: false },
  ])("may promise the next one in $ahead_ms ms: $accepted", ({ ahead_ms, accepted }) => {
    const next_by = new Date(NOW + ahead_ms).toISOString();
    expect(readBeat(beat({ next_by }), agent(), NOW)).toMatchObject({ accepted });
  });
});

it.each<[before: number, sequence: number, gaps: number[][]]>([
  [0, 1, []],
  [0, 2, [[1, 1]]],
  [5, 8, [[6, 7]]],
])("between %i and %i lie %j", (before, sequence, gaps) => {
  expect(gapsBetween(before, sequence)).toEqual(gaps);
});
