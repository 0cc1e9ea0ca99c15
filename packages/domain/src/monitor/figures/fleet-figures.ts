import type { Instant } from "@omoios/kernel/clock";
import type { FleetAgent } from "../../agents/fleet.ts";
import type { RowOf } from "../../rows.ts";
import type { Measurement } from "./measurement.ts";
import type { Attendance } from "./stage-figures.ts";

type Held = Pick<RowOf<"task">, "task_id" | "phase_id" | "agent_id" | "stuck" | "started_at" | "progressed_at">;

/** Ages are no news before: a beat comes each half minute at least, progress is expected within a lease. */
const SILENT_SECONDS = 60;
const IDLE_SECONDS = 120;

/** What an agent's row and pulse say, and the tasks that it holds. */
export function fleetFigures(fleet: readonly FleetAgent[], held: readonly Held[], now: Instant): Measurement[] {
  const progress = new Map<unknown, Instant>();
  for (const { agent_id, progressed_at, started_at } of held) {
    const since = progressed_at ?? started_at;
    if (since !== undefined) progress.set(agent_id, Math.min(since, progress.get(agent_id) ?? since));
  }
  const stuck = tallied(held.filter((task) => task.stuck).map(({ phase_id }) => phase_id));
  return [
    ...activeByKind(fleet),
    ...fleet.flatMap((each) => agentFigures(each, progress.get(each.agent.agent_id), now)),
    ...[...stuck].map(([phase_id, value]): Measurement => ({ metric: "tasks_stuck", labels: { phase_id }, value })),
  ];
}

function agentFigures({ agent, pulse, misses }: FleetAgent, progress: Instant | undefined, now: Instant) {
  const labels = { agent_id: agent.agent_id };
  const age = (at: Instant | undefined) => (at === undefined ? 0 : Math.max(0, now - at) / 1000);
  const measured: Measurement[] = [
    { metric: "agent.heartbeat.missed", labels, value: misses },
    { metric: "agent.status.unresponsive", labels, value: agent.status === "FAILED" ? 1 : 0 },
    { metric: "agent_heartbeat_age_seconds", labels, value: age(pulse.beat_at), from: SILENT_SECONDS },
    { metric: "agent.progress_age_seconds", labels, value: age(progress), from: IDLE_SECONDS },
  ];
  return measured;
}

/** An agent of several phases counts in each. */
function activeByKind(fleet: readonly FleetAgent[]): Measurement[] {
  const kinds = fleet
    .filter(({ agent }) => agent.status === "IDLE")
    .flatMap(({ agent, phase_ids }) => phase_ids.map((phase_id) => `${agent.agent_type}#${phase_id}`));
  return [...tallied(kinds)].map(([kind, value]) => {
    const [agent_type = "", phase_id = ""] = kind.split("#");
    return { metric: "agents_active", labels: { agent_type, phase_id }, value };
  });
}

function tallied(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Who is at work, of those who should be: agents in quarantine, and such as have not begun, are not held to it. */
export function attendanceOf(fleet: readonly FleetAgent[], failed: number): Attendance {
  const held_to = fleet.filter(({ agent }) => agent.status === "IDLE" || agent.status === "DEGRADED");
  const active = held_to.filter(({ agent, misses }) => agent.status === "IDLE" && misses === 0).length;
  return { active, all: held_to.length + failed };
}
