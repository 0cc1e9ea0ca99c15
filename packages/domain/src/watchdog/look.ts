import type { Instant } from "@omoios/kernel/clock";
import type { AgentId } from "@omoios/kernel/ids";
import { missesOf } from "../agents/ladder.ts";
import type { AgentProfileRow } from "../agents/model.ts";
import { type Alert, isFiring } from "../alerting/alert.ts";
import { isAboutLife, isAlertAboutLife } from "./event-sources.ts";
import type { Memory } from "./ladder.ts";
import type { RemediationRow, Seen, SeenAgent } from "./model.ts";
import type { WatchdogParts } from "./parts.ts";

/** A replacement that came so long before the watchdog looked counts as one. */
const CAME_BEFORE_MS = 600_000;
/** Newcomers that are looked through, the newest first. */
const NEWCOMERS = 200;
const SERVING = ["IDLE", "DEGRADED"];

/** What is known of a remediation's target now. */
export async function look(parts: WatchdogParts, row: RemediationRow, came?: AgentProfileRow): Promise<Seen> {
  const { store, switches } = parts;
  const [agent, alert, fleet, switched_off] = await Promise.all([
    row.agent_id === undefined ? undefined : seenAgent(parts, row.agent_id),
    alertOf(parts, row),
    store.get("fleet", {}),
    isByHand(row) ? undefined : switches.offOf("watchdog", row.policy),
  ]);
  const since = row.acted_at ?? row.opened_at;
  const phases = row.phase_ids ?? [];
  const newcomers = [
    ...(came === undefined ? [] : [came]),
    ...(await newcomersSince(parts, row.opened_at - CAME_BEFORE_MS)),
  ];
  const replacing = newcomers.filter(({ replaces }) => replaces !== undefined && replaces === row.agent_id);
  const helping = newcomers.filter(
    ({ phase_ids, registered_at }) => registered_at >= since && phases.some((phase) => phase_ids.includes(phase)),
  );
  const [replaced_by, helper] = await Promise.all([firstServing(parts, replacing), firstServing(parts, helping)]);
  return {
    alert_over: row.alert_id === undefined ? undefined : alert === undefined || !isFiring(alert),
    taken_by: alert?.state === "acknowledged" ? alert.acknowledged?.by : undefined,
    about_life:
      row.cause.type !== undefined && (isAboutLife(row.cause.type) || (alert !== undefined && isAlertAboutLife(alert))),
    agent,
    replaced_by,
    worker_came: helper !== undefined,
    mass_silence: fleet?.silent_since !== undefined,
    switched_off,
  };
}

const isByHand = ({ cause }: RemediationRow) => cause.event_id === undefined;

/**
 * What the limits remember; the fleet is counted only where a limit asks for it. The line is read behind the fleet: a remediation that the
 * fleet counts is then seen on its line too, and one that waits for it does not pass for one more.
 */
export async function recall(
  { store, pulse }: Pick<WatchdogParts, "store" | "pulse">,
  row: RemediationRow,
): Promise<Memory> {
  const counts = row.started_at === undefined && row.terms.limits !== undefined;
  const [fleet, living] = counts
    ? await Promise.all([store.get("remediation_fleet", { policy: row.policy }), pulse.living()])
    : [undefined, []];
  const line = await store.get("remediation_line", { line: row.line });
  return { line, fleet, active: living.filter(({ sequence }) => sequence > 0).length };
}

async function seenAgent({ store, pulse }: WatchdogParts, agent_id: AgentId): Promise<SeenAgent | undefined> {
  const [agent, beat] = await Promise.all([store.get("agent", { agent_id }), pulse.get(agent_id)]);
  if (agent === undefined) return undefined;
  return {
    status: agent.status,
    tasks: Object.keys(agent.slots).length,
    misses: missesOf(agent, beat),
    leaving: agent.leaving?.how,
    missed: agent.restarted_at !== undefined || agent.why === "no first heartbeat",
    key_revoked: agent.key_revoked_at !== undefined,
  };
}

/** The alert as long as the occurrence that it was begun for is its newest: another one is another story. */
async function alertOf({ store }: WatchdogParts, { alert_id }: RemediationRow): Promise<Alert | undefined> {
  const occurrence = alert_id && (await store.get("alert_occurrence", { alert_id }));
  if (occurrence === undefined || occurrence.past !== undefined) return undefined;
  const alert = await store.get("alert", { fingerprint: occurrence.fingerprint });
  return alert?.alert_id === alert_id ? alert : undefined;
}

async function newcomersSince({ store }: WatchdogParts, since: Instant): Promise<AgentProfileRow[]> {
  const found: AgentProfileRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list("agent_profile", "agents", { limit: 50, cursor, newest_first: true });
    found.push(...page.rows.filter(({ registered_at }) => registered_at >= since));
    const more = page.rows.every(({ registered_at }) => registered_at >= since) && found.length < NEWCOMERS;
    cursor = more ? page.cursor : undefined;
  } while (cursor !== undefined);
  return found;
}

/** The first of them that has sent its first heartbeat and works. */
async function firstServing(
  { store }: WatchdogParts,
  profiles: readonly AgentProfileRow[],
): Promise<AgentId | undefined> {
  const agents = await store.getMany(
    "agent",
    profiles.map(({ agent_id }) => ({ agent_id })),
  );
  return agents.find(({ status }) => SERVING.includes(status))?.agent_id;
}
