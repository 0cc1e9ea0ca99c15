import { freeSlots } from "./acting.ts";
import type { AgentRow } from "./model.ts";
import { successRate } from "./record.ts";
import { shownStatus } from "./status.ts";

const WEIGHT = { idle: 0.2, healthy: 0.2, free: 0.05, success: 0.2 } as const;
/** Free slots beyond these make no agent fitter. */
const FREE_COUNTED = 5;

/** What is asked of an agent. */
export interface Need {
  capabilities: readonly string[];
  phase_id?: string | undefined;
}

export interface Fit {
  score: number;
  /** Whether it has all that is needed. */
  covers: boolean;
  why: string[];
}

/** How well an agent that offers these capabilities fits a need: the higher the better, with the reasons. */
export function fitOf(agent: AgentRow, offered: readonly string[], misses: number, need: Need): Fit {
  const has = need.capabilities.filter((word) => offered.includes(word));
  const coverage = need.capabilities.length === 0 ? 1 : has.length / need.capabilities.length;
  const status = shownStatus(agent);
  const free = Math.min(freeSlots(agent).length, FREE_COUNTED);
  const rate = successRate(agent, need.phase_id);
  const score =
    coverage +
    (status === "IDLE" ? WEIGHT.idle : 0) +
    (misses === 0 ? WEIGHT.healthy : 0) +
    WEIGHT.free * free +
    WEIGHT.success * rate;
  const missing = need.capabilities.filter((word) => !offered.includes(word));
  return {
    score: Math.round(score * 1e6) / 1e6,
    covers: missing.length === 0,
    why: [
      missing.length === 0 ? "covers the need" : `lacks ${missing.join(", ")}`,
      status === "IDLE" ? "is idle" : `is ${status}`,
      misses === 0 ? "beats" : `missed ${misses} heartbeats`,
      `has ${freeSlots(agent).length} free slots`,
      `succeeds at ${Math.round(rate * 100)} %`,
    ],
  };
}

/** Whether the agent can be asked at all: one that failed, ended or is in quarantine never is. */
export function isEligible({ status }: Pick<AgentRow, "status">): boolean {
  return status === "IDLE" || status === "DEGRADED";
}

/** Best fit first; of equals the one with the smaller id, so that the order is always the same. */
export function byFit(a: { agent_id: string; score: number }, b: { agent_id: string; score: number }): number {
  return b.score - a.score || (a.agent_id < b.agent_id ? -1 : 1);
}
