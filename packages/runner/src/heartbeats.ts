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
  interval_ms: { idle: number; running: number };
  onReply: (reply: BeatReply) => void;
  /** Must not reject: nobody is there to hear it. */
  onFailure: (failure: unknown, agent: Agent) => Promise<void>;
}

export interface Heartbeats {
  /** Looks again when the next beat is due: a running agent beats more often than an idle one. */
  changed(): void;
  /** Sends no more. A beat that is under way is not waited for. */
  stop(): void;
}

/** After a beat that failed, the next one follows this soon, or at the usual interval where that is sooner. */
const AGAIN_AFTER_MS = 3_000;

/** Beats as long as the agent lives: each interval counts from the beat before it. */
export function startHeartbeats(options: HeartbeatOptions): Heartbeats {
  const { running, interval_ms, onReply, onFailure } = options;
  const stopped = new AbortController();
  let woken = new AbortController();

  async function beat(): Promise<boolean> {
    const agent = options.agent();
    try {
      onReply(await agent.heartbeat(beatOf(options)));
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
      const interval = running().length > 0 ? interval_ms.running : interval_ms.idle;
      const rest = last + (well ? interval : Math.min(interval, AGAIN_AFTER_MS)) - performance.now();
      if (rest > 0) {
        woken = new AbortController();
        await wait(rest, AbortSignal.any([stopped.signal, woken.signal])).catch(() => undefined);
        continue;
      }
      last = performance.now();
      well = await beat();
    }
  }

  void loop();
  return { changed: () => woken.abort(), stop: () => stopped.abort() };
}

function beatOf({ running, acked, lastErrorAt }: HeartbeatOptions): Beat {
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
  };
}
