import type { CallRequest } from "@omoios/sdk/client";
import type { RunnerEvent } from "./runner-event.ts";

type Registration = CallRequest<"registerAgent">["body"];

/** What an agent is told to be and to run. */
export interface RunnerOptions {
  /** The plane, without `/api/v1`. */
  url: string;
  /** A registration key, or an operator's with `agents:write`; agents are registered with it, and nothing else. The command never sees it. */
  api_key: string;
  /** Run by `/bin/sh -c`, once per task. */
  command: string;
  agent_type?: Registration["agent_type"];
  phase_ids: string[];
  capabilities: string[];
  /** Tasks at once, 1 to 50; 1 unless given. */
  capacity?: number;
  tags?: string[];
  owner?: string;
  /** Attempts live in folders under this one; a folder of this user under the system's temporary one unless given. */
  workdir?: string;
  keep_workdirs?: boolean;
  /** Ends an attempt that has written nothing for so long; without it silence is allowed. */
  silence_seconds?: number;
  /** Time between SIGTERM and SIGKILL; 5,000 unless given. */
  grace_ms?: number;
  /** Ends the run after so many tasks. */
  max_tasks?: number;
  /** Ends the run when a claim finds nothing and nothing runs. */
  once?: boolean;
  /** Keeps who the agent is (with its private key, 0600), and goes on as that agent at the next start. */
  identity_file?: string;
  /** How long a claim may wait at the plane for work, at most 5,000; 5,000 unless given. */
  claim_wait_ms?: number;
  /** Time between heartbeats; 30,000 idle and 15,000 running unless given. */
  heartbeat_ms?: { idle: number; running: number };
  /** Told of everything that happens. */
  log?: (event: RunnerEvent) => void;
}

export const DEFAULT_CLAIM_WAIT_MS = 5_000;
export const DEFAULT_GRACE_MS = 5_000;
export const DEFAULT_HEARTBEAT_MS = { idle: 30_000, running: 15_000 };

/** The version under which the runner registers; the plane holds it against the range that it supports. */
export const RUNNER_VERSION = "1.0.0";
