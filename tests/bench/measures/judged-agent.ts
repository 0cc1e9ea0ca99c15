import { climb, recover } from "@omoios/domain/agents/ladder";
import type { LadderMarks } from "@omoios/domain/agents/life-rows";
import { type BeatLimits, sightedSince } from "@omoios/domain/agents/misses";
import type { AgentRow, PulseRow } from "@omoios/domain/agents/model";
import type { Instant } from "@omoios/kernel/clock";
import { newId } from "@omoios/kernel/ids";
import type { Random } from "@omoios/kernel/random";

/** An idle agent that is held to the ladder, judged as often as the limits say, in a time that its beats make pass. */
export interface JudgedAgent {
  readonly now: Instant;
  readonly hasFailed: boolean;
  /** A beat comes at that moment; until then it is judged. One that has failed by then registers again, and beats for the first time. */
  beatAt(at: Instant, next_by?: Instant): { had_failed: boolean };
  /** Nothing comes until the next judgement. */
  stayAway(): void;
}

export function judgedAgent(limits: BeatLimits, random: Random): JudgedAgent {
  const every_ms = limits.heartbeat_judged_every_seconds * 1000;
  let now: Instant = 0;
  let judged_at: Instant = 0;
  let marks: LadderMarks = { due_at: 0, sighted_since: 0 };
  let { agent, pulse } = newcomer(random);

  const judge = (): void => {
    now = judged_at;
    const sighted_since = sightedSince(marks, now, limits);
    let rung = climb(agent, pulse, { now, sighted_since, limits });
    for (; rung !== undefined; rung = climb(agent, pulse, { now, sighted_since, limits })) agent = rung.after;
    judged_at += every_ms;
    marks = { due_at: judged_at, sighted_since };
  };

  return {
    get now() {
      return now;
    },
    get hasFailed() {
      return agent.status === "FAILED";
    },
    beatAt(at, next_by) {
      while (judged_at <= at) judge();
      now = at;
      const had_failed = agent.status === "FAILED";
      if (had_failed) ({ agent, pulse } = newcomer(random));
      pulse = { ...pulse, sequence: pulse.sequence + 1, beat_at: at, next_by };
      agent = recover(agent, at, [])?.after ?? agent;
      return { had_failed };
    },
    stayAway: judge,
  };
}

function newcomer(random: Random): { agent: AgentRow; pulse: PulseRow } {
  const agent_id = newId("agent", random);
  const agent: AgentRow = {
    version: 1,
    agent_id,
    agent_name: "worker-001",
    agent_type: "worker",
    status: "IDLE",
    class_id: "class",
    key_id: "key",
    public_x: "x",
    epoch: 1,
    capacity: 1,
    slots: {},
    failed: {},
  };
  const pulse: PulseRow = {
    agent_id,
    epoch: 1,
    sequence: 0,
    beat_at: 0,
    status: "IDLE",
    task_ids: [],
    left_out: {},
    health: {},
    replays: 0,
  };
  return { agent, pulse };
}
