import type { ClaimedTask } from "@omoios/contracts/views/task";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import type { Time } from "../time.ts";
import { Ended, type Register, Unheard, type Voice } from "./voice.ts";

/** An agent that does its work, until it is killed or told to stop. */
export interface Agent {
  readonly number: number;
  /** Of its present registration. */
  readonly agent_id: AgentId | undefined;
  /** What it works on. */
  readonly held: ReadonlySet<TaskId>;
  readonly gone: boolean;
  /** It does nothing more, and tells nobody. */
  kill(): void;
  /** It takes no more work, and lives until the plane ends it. */
  retire(): void;
  /** Its heartbeats arrive no more until then, or until it registers anew. */
  mute(until: Instant): void;
}

export interface AgentParts {
  time: Time;
  register: Register;
  task_ms: number;
  /** Whether a heartbeat is lost on its way. */
  isLost(): boolean;
  completed(): void;
  /** Hears of what an agent died of: an error, and no refusal. */
  failed(error: unknown): void;
}

const ASKS_AGAIN_MS = 3_000;

/**
 * Starts an agent. One that the plane has ended registers again in its own place.
 * @param instead_of whom it replaces, where it was asked for
 */
export function startAgent(parts: AgentParts, number: number, instead_of: AgentId | undefined): Agent {
  const { time } = parts;
  const held = new Set<TaskId>();
  let agent_id: AgentId | undefined;
  let gone = false;
  let retired = false;
  let muted_until = 0;

  const live = async (voice: Voice): Promise<void> => {
    let ended = false;
    const lives = () => !gone && !ended;
    const heard: Heard = async (said) => {
      try {
        return await said;
      } catch (error) {
        if (error instanceof Ended) ended = true;
        if (error instanceof Ended || error instanceof Unheard) return undefined;
        throw error;
      }
    };
    await heard(voice.beat(held));
    const beat = async () => {
      if (lives() && time.now() >= muted_until && !parts.isLost()) await heard(voice.beat(held));
    };
    const beats = async () => {
      while (lives()) {
        await time.sleep(voice.beats_every_ms);
        await beat();
      }
    };
    const works = async () => {
      while (lives() && !retired) {
        const task = await heard(voice.claim());
        if (task === undefined) await time.sleep(ASKS_AGAIN_MS);
        else {
          held.add(task.task_id as TaskId);
          // Said at once: the plane awaits the beats of one that works sooner.
          void beat().catch(parts.failed);
          await workOn(parts, voice, heard, lives, held, task);
        }
      }
    };
    await Promise.all([beats(), works()]);
    if (!gone) held.clear();
  };

  const lives = async () => {
    for (let replaces = instead_of; !gone && !retired; replaces = agent_id) {
      const voice = await parts.register(number, replaces);
      agent_id = voice.agent_id;
      muted_until = 0;
      await live(voice);
    }
  };
  void lives().catch(parts.failed);

  return {
    number,
    held,
    get agent_id() {
      return agent_id;
    },
    get gone() {
      return gone;
    },
    kill() {
      gone = true;
    },
    retire() {
      retired = true;
    },
    mute(until) {
      muted_until = until;
    },
  };
}

/** What the plane answers; nothing where it refuses, or does not answer. */
type Heard = <T>(said: Promise<T>) => Promise<T | undefined>;

async function workOn(
  { time, task_ms, completed }: AgentParts,
  voice: Voice,
  heard: Heard,
  lives: () => boolean,
  held: Set<TaskId>,
  task: ClaimedTask,
): Promise<void> {
  await time.sleep(task_ms / 2);
  if (lives()) await heard(voice.progress(task));
  await time.sleep(task_ms / 2);
  if (!lives()) return;
  const done = await heard(voice.complete(task));
  held.delete(task.task_id as TaskId);
  if (done !== undefined) completed();
}
