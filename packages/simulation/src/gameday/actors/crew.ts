import type { Envelope } from "@omoios/contracts/events";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { type Agent, type AgentParts, startAgent } from "./agent.ts";

/** What an agent held when it was killed or muted. */
export interface Lost {
  at: Instant;
  agent_id: AgentId;
  task_id: TaskId;
}

/** The agents of a game day, and whoever starts more of them when the plane asks. */
export interface Crew {
  readonly living: number;
  readonly lost: readonly Lost[];
  start(count: number): void;
  kill(which: Which): void;
  mute(which: Which, until: Instant): void;
  /** They take no more work, and nobody is started any more. */
  stop(): void;
  /** Answers an event that asks for agents. */
  heard(event: Envelope): void;
}

type Which = number | readonly number[] | "all";

/** How long it takes to start an agent that was asked for. */
const STARTS_AFTER_MS = 5_000;

export function crewOf(parts: AgentParts): Crew {
  const agents: Agent[] = [];
  const lost: Lost[] = [];
  const answered = new Set<string>();
  let stopped = false;

  const start = (replaces?: AgentId): void => {
    const number = agents.length + 1;
    if (!stopped) agents.push(startAgent(parts, number, replaces));
  };
  const each = (which: Which, act: (agent: Agent) => void): void => {
    for (const agent of agents) {
      if (agent.gone || (which !== "all" && ![which].flat().includes(agent.number))) continue;
      const { agent_id, held } = agent;
      if (agent_id !== undefined)
        lost.push(...[...held].map((task_id) => ({ at: parts.time.now(), agent_id, task_id })));
      act(agent);
    }
  };

  return {
    lost,
    get living() {
      return agents.filter(({ gone }) => !gone).length;
    },
    start: (count) => {
      for (let n = 0; n < count; n++) start();
    },
    kill: (which) => each(which, (agent) => agent.kill()),
    mute: (which, until) => each(which, (agent) => agent.mute(until)),
    stop() {
      stopped = true;
      for (const agent of agents) agent.retire();
    },
    heard({ id, type, subject, data }) {
      const asks = type === "agent.replacement_requested" || type === "watchdog.scale_out_requested";
      if (!asks || answered.has(id)) return;
      answered.add(id);
      const provide = async () => {
        await parts.time.sleep(STARTS_AFTER_MS);
        if (type === "watchdog.scale_out_requested") {
          for (let n = 0; n < Number(data.workers); n++) start();
        } else if (!agents.some(({ agent_id, gone }) => agent_id === subject.id && !gone)) {
          // One that lives registers again by itself.
          start(subject.id as AgentId);
        }
      };
      provide().catch(parts.failed);
    },
  };
}
