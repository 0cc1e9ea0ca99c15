import { type AgentRow, agentEnded, hasEnded } from "@omoios/domain/agents/model";
import type { RequestContext } from "@omoios/domain/commit";
import { keepLateWord, type Word } from "@omoios/domain/tasks/late-word";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { type Api, Unanswered } from "@omoios/simulation/plane/api";
import type { Instance } from "@omoios/simulation/plane/instances";
import type { VirtualTime } from "@omoios/simulation/virtual-time";

/** One registration of an agent: it lasts until the plane says that it has ended. */
export interface Life {
  agent_id: AgentId;
  /** Tasks that it works on, by its own account, and under which fence. */
  held: Map<TaskId, number>;
  /** The number of its last beat. */
  beats: number;
  readonly ended: boolean;
  /** Comes when it has ended. */
  over: Promise<void>;
  call: AgentCall;
  /** It does nothing for so long, and goes on as if no time had passed. */
  stall(ms: number): void;
}

interface LifeParts {
  api: Api;
  time: VirtualTime;
  /** Takes the words that were refused and kept. */
  late: LateWord[];
}

/** What an agent said after it had ended. */
export interface LateWord {
  agent_id: AgentId;
  task_id: TaskId;
  fence: number;
  word: Word;
}

/** Calls of the agent: its row is read first, as authentication does. One that has ended is refused, and its word kept. */
type AgentCall = <T>(
  act: (instance: Instance, ctx: RequestContext, row: AgentRow) => Promise<T>,
  tries: number,
  said?: Omit<LateWord, "agent_id">,
) => Promise<T>;

export function lifeOf({ api, time, late }: LifeParts, agent_id: AgentId): Life {
  let ended = false;
  let stalls_until = 0;
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = () => {
      ended = true;
      resolve();
    };
  });
  const call: AgentCall = async (act, tries, said) => {
    let kept = false;
    while (stalls_until > time.now()) await time.sleep(stalls_until - time.now());
    try {
      return await api.call({
        of: "api-agents",
        actor: { kind: "agent", id: agent_id, authority: "WORKER" },
        tries,
        async act(instance, ctx) {
          const { parts } = instance.rooms;
          const row = await parts.store.get("agent", { agent_id });
          if (row === undefined) throw new Problem("auth.invalid");
          if (!hasEnded(row)) return act(instance, ctx, row);
          if (said !== undefined) await keepLateWord(parts, ctx, agent_id, said.task_id, said.fence, said.word);
          kept = said !== undefined;
          throw agentEnded(row);
        },
      });
    } catch (error) {
      if (isEnd(error)) {
        if (kept && said !== undefined) late.push({ agent_id, ...said });
        end();
      }
      throw error;
    }
  };
  return {
    agent_id,
    held: new Map(),
    beats: 1,
    over,
    call,
    stall(ms) {
      stalls_until = time.now() + ms;
    },
    get ended() {
      return ended;
    },
  };
}

/** Whether the plane said that the agent has ended: it can only register again. */
const isEnd = (error: unknown): boolean => error instanceof Problem && error.code === "agent.ended";

/** What an agent goes on with when its call was not answered, or was told that it has ended. */
export const unanswered =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof Unanswered || isEnd(error)) return instead;
    throw error;
  };
