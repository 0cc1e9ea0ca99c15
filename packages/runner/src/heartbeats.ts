import { memoryUsage } from "node:process";
import { toRfc3339 } from "@omoios/kernel/clock";
import type { Agent } from "@omoios/sdk/agent";
import type { Beat, BeatReply } from "@omoios/sdk/heartbeat-numbers";
import { wait } from "@omoios/sdk/wait";

interface HeartbeatOptions {
  /** Who beats now: the plane may have ended the agent of the last beat. */
  agent: () => Agent;
  /** Tasks that the agent works on now. */
  running: () => string[];
  /** Highest number of the messages that were read. */
  acked: () => number | undefined;
  lastErrorAt: () => number | undefined;
  /** Until when the next beat may be late, by this machine's clock: commands that are known to be quiet may keep it busy. */
  quietUntil: () => number | undefined;
  interval_ms: { idle: number; running: number };
  /** @param acked what the beat acknowledged */
  onReply: (reply: BeatReply) => void;
  /** Must not reject: nobody is there to hear it. */
  onFailure: (failure: unknown, agent: Agent) => Promise<void>;
}

export interface Heartbeats {
  /** Beats as soon as a second after the last beat: there is something to say. */
  soon(): void;
  /** Looks again when the next beat is due: a running agent beats more often than an idle one. */
  changed(): void;
  /** Sends no more. A beat that is under way is not waited for. */
  stop(): void;
}

/** After a beat that failed, the next one follows this soon, or at the usual interval where that is sooner. */
const AGAIN_AFTER_MS = 3_000;
const SOON_MS = 1_000;

/** Beats as long as the agent lives: each interval counts from the beat before it. */
export function startHeartbeats(options: HeartbeatOptions): Heartbeats {
  const { running, interval_ms, onReply, onFailure } = options;
  const stopped = new AbortController();
  let woken = new AbortController();
  let urgent = false;

  async function beat(): Promise<boolean> {
    const agent = options.agent();
    try {
      const said = beatOf(options, agent);
      onReply(await agent.heartbeat(said));
      return true;
    } catch (failure) {
      await onFailure(failure, agent);
      return false;
    }
  }

  async function loop(): Promise<void> {
    let last = performance.now();
    let well = true;
    while (!stopped.signal.aborted) {
      const usual = running().length > 0 ? interval_ms.running : interval_ms.idle;
      const interval = urgent ? Math.min(usual, SOON_MS) : usual;
      const rest = last + (well ? interval : Math.min(interval, AGAIN_AFTER_MS)) - performance.now();
      if (rest > 0) {
        woken = new AbortController();
        await wait(rest, AbortSignal.any([stopped.signal, woken.signal])).catch(() => undefined);
        continue;
      }
      last = performance.now();
      urgent = false;
      well = await beat();
    }
  }

  void loop();
  return {
    soon() {
      urgent = true;
      woken.abort();
    },
    changed: () => woken.abort(),
    stop: () => stopped.abort(),
  };
}

/** A promise ends ten minutes ahead at the latest, as the plane has it; a little before, since the clocks are two. */
const LONGEST_PROMISE_MS = 595_000;

function beatOf({ running, acked, lastErrorAt, quietUntil }: HeartbeatOptions, agent: Agent): Beat {
  const quiet_ms = Math.min((quietUntil() ?? 0) - Date.now(), LONGEST_PROMISE_MS);
  const current_task_ids = running();
  const number = acked();
  const error = lastErrorAt();
  return {
    status: current_task_ids.length > 0 ? "RUNNING" : "IDLE",
    current_task_ids,
    health_metrics: {
      memory_usage_mb: Math.round(memoryUsage.rss() / 1024 / 1024),
      pending_operations: current_task_ids.length,
      ...(error === undefined ? {} : { last_error_at: toRfc3339(error) }),
    },
    ...(number === undefined ? {} : { acked: number }),
    ...(quiet_ms > 0 ? { next_by: toRfc3339(agent.now() + quiet_ms) } : {}),
  };
}
