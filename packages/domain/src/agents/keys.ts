import type { Instant } from "@omoios/kernel/clock";
import { cutToBytes } from "@omoios/kernel/cut-text";
import { accepted, type Outcome } from "@omoios/kernel/outcome";
import type { Change } from "../commit.ts";
import { expiryInDays } from "../expiry.ts";
import { type AgentKeyRow, type AgentRow, agentEnded, hasEnded } from "./model.ts";
import { takeKey } from "./registration.ts";

/** A public key by its id. */
export interface Key {
  key_id: string;
  public_x: string;
}

interface KeyPolicy {
  now: Instant;
  /** For how long a retired key is known, so that nobody registers with it again. */
  retention_days: number;
}

/** So much of a reason rides in the event. */
const REASON_BYTES = 120;

/** The public half (`x`) of the agent's key with that id, if it counts at that moment: its own, or the one before for a while. */
export function heldKey(agent: AgentRow, key_id: string | undefined, now: Instant): string | undefined {
  if (agent.key_revoked_at !== undefined) return undefined;
  if (agent.key_id === key_id) return agent.public_x;
  const { old_key } = agent;
  return old_key !== undefined && old_key.key_id === key_id && now < old_key.until ? old_key.public_x : undefined;
}

/**
 * Puts a new key in the place of the agent's own, which stays good for `old_key_seconds`: what is under way with it ends well. A key
 * that was replaced before ends at once.
 * @param rows the row of the agent's key, and the row of the new one if somebody held it
 */
export function rotate(
  agent: AgentRow,
  next: Key,
  rows: { own: AgentKeyRow | undefined; next: AgentKeyRow | undefined },
  { now, retention_days, old_key_seconds }: KeyPolicy & { old_key_seconds: number },
): Change[] {
  const { key_id, public_x } = agent;
  const old_key = { key_id, public_x, until: now + old_key_seconds * 1000 };
  return [
    {
      kind: "agent",
      before: agent,
      after: { ...agent, ...next, old_key, key_at: now, rotate_asked_at: undefined },
      events: [{ type: "agent.key_rotated" }],
    },
    takeKey(rows.next, { key_id: next.key_id, agent_id: agent.agent_id, created_at: now }),
    ...retire(rows.own, { now, retention_days }),
  ];
}

/** Tells the agent by its beats to take a new key, until it has one. */
export function askForRotation(agent: AgentRow, reason: string, now: Instant): Outcome<Change> {
  if (hasEnded(agent)) return { accepted: false, problem: agentEnded(agent) };
  const data = { reason: cutToBytes(reason, REASON_BYTES) };
  const after = { ...agent, rotate_asked_at: now };
  return accepted({ kind: "agent", before: agent, after, events: [{ type: "agent.key_rotation_requested", data }] });
}

/** Revokes the agent's keys, and with them every token and assertion; once is enough. It can only register again, with another key. */
export function recycle(
  agent: AgentRow,
  own: AgentKeyRow | undefined,
  reason: string,
  policy: KeyPolicy,
): Outcome<Change[]> {
  if (hasEnded(agent)) return { accepted: false, problem: agentEnded(agent) };
  if (agent.key_revoked_at !== undefined) return accepted([]);
  const after: AgentRow = { ...agent, epoch: agent.epoch + 1, key_revoked_at: policy.now, old_key: undefined };
  const data = { reason: cutToBytes(reason, REASON_BYTES) };
  return accepted([
    { kind: "agent", before: agent, after, events: [{ type: "agent.key_revoked", data }] },
    ...retire(own, policy),
  ]);
}

function retire(row: AgentKeyRow | undefined, { now, retention_days }: KeyPolicy): Change[] {
  if (row === undefined || row.retired_at !== undefined) return [];
  const ttl = expiryInDays(now, retention_days);
  return [{ kind: "agent_key", before: row, after: { ...row, retired_at: now, ttl } }];
}
