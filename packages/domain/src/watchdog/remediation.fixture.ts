import type { AgentId } from "@omoios/kernel/ids";
import type { Memory } from "./ladder.ts";
import type { RemediationLineRow, RemediationRow, Seen, SeenAgent } from "./model.ts";
import { opened, remediationIdOf } from "./open.ts";
import { actionOf, type Terms } from "./policy.ts";
import { newLine } from "./transitions.ts";

export const AGENT = "agent_00000000-0000-4000-8000-000000000001" as AgentId;
export const OTHER = "agent_00000000-0000-4000-8000-000000000002" as AgentId;

export const terms = (more: Partial<Terms> = {}): Terms => ({
  actions: [
    actionOf({ type: "requeue_tasks" }),
    actionOf({ type: "restart", verify_within: "60s" }),
    actionOf({ type: "failover", verify_within: "60s" }),
  ],
  limits: {
    per_target: { most: { count: 3 }, window_ms: 3_600_000 },
    per_fleet: { most: { percent: 10 }, window_ms: 300_000 },
    cooldown_ms: 60_000,
  },
  escalation: { to: "guardian", after_attempts: 2, within_ms: 300_000 },
  authority: "MONITOR",
  dry_run: false,
  ...more,
});

/** A remediation of an agent for an alert, opened at 0. */
export const remediation = (more: Partial<RemediationRow> = {}): RemediationRow => ({
  ...opened(remediationIdOf("p", "alert_1"), {
    policy: "p",
    terms: terms(),
    target: { kind: "agent", id: AGENT },
    line: `agent:${AGENT}`,
    cause: { correlation_id: "c", type: "monitor.alert.triggered", by: "watchdog:p" },
    now: 0,
  }),
  ...more,
});

export const agent = (more: Partial<SeenAgent> = {}): SeenAgent => ({
  status: "FAILED",
  tasks: 1,
  misses: 3,
  leaving: undefined,
  missed: false,
  key_revoked: false,
  ...more,
});

/** An agent has failed, and its alert fires. */
export const seen = (more: Partial<Seen> = {}): Seen => ({
  alert_over: false,
  taken_by: undefined,
  about_life: false,
  agent: agent(),
  replaced_by: undefined,
  worker_came: false,
  mass_silence: false,
  switched_off: undefined,
  ...more,
});

export const line = (more: Partial<RemediationLineRow> = {}): RemediationLineRow => ({
  ...newLine(`agent:${AGENT}`),
  ...more,
});

export const memory = (more: Partial<Memory> = {}): Memory => ({
  line: undefined,
  fleet: undefined,
  active: 50,
  ...more,
});
