import type { Instant } from "@omoios/kernel/clock";
import type { FleetAgent } from "../../agents/fleet.ts";
import type { RowOf } from "../../rows.ts";
import type { Measurement } from "./measurement.ts";
import type { Attendance } from "./stage-figures.ts";

type Held = Pick<
  RowOf<"task">,
  "task_id" | "phase_id" | "agent_id" | "stuck" | "started_at" | "progressed_at" | "repeats" | "tokens"
>;

/** How an agent gets on with what it holds: the worst of its tasks. */
interface GettingOn {
  since?: Instant;
  repeats: number;
  tokens: number;
}

/** Ages are no news before: a beat comes each half minute at least, progress is expected within a lease. */
const SILENT_SECONDS = 60;
const IDLE_SECONDS = 120;

/** What an agent's row and pulse say, and the tasks that it holds. */
export function fleetFigures(fleet: readonly FleetAgent[], held: readonly Held[], now: Instant): Measurement[] {
  const work = gettingOn(held);
  const stuck = tallied(held.filter((task) => task.stuck).map(({ phase_id }) => phase_id));
  return [
    ...activeByKind(fleet),
    ...fleet.flatMap((each) => agentFigures(each, work.get(each.agent.agent_id), now)),
    ...[...stuck].map(([phase_id, value]): Measurement => ({ metric: "tasks_stuck", labels: { phase_id }, value })),
  ];
}

function gettingOn(held: readonly Held[]): Map<unknown, GettingOn> {
  const work = new Map<unknown, GettingOn>();
  for (const { agent_id, progressed_at, started_at, repeats = 0, tokens = 0 } of held) {
    const since = progressed_at ?? started_at;
    const worst = work.get(agent_id);
    work.set(agent_id, {
      ...(since === undefined ? {} : { since: Math.min(since, worst?.since ?? since) }),
      repeats: Math.max(repeats, worst?.repeats ?? 0),
      tokens: Math.max(tokens, worst?.tokens ?? 0),
    });
  }
  return work;
}

function agentFigures({ agent, pulse, misses }: FleetAgent, work: GettingOn | undefined, now: Instant) {
  const labels = { agent_id: agent.agent_id };
  const age = (at: Instant | undefined) => (at === undefined ? 0 : Math.max(0, now - at) / 1000);
  const measured: Measurement[] = [
    { metric: "agent.heartbeat.missed", labels, value: misses },
    { metric: "agent.status.unresponsive", labels, value: agent.status === "FAILED" ? 1 : 0 },
    { metric: "agent_heartbeat_age_seconds", labels, value: age(pulse.beat_at), from: SILENT_SECONDS },
    { metric: "agent.progress_age_seconds", labels, value: age(work?.since), from: IDLE_SECONDS },
    { metric: "agent.repeated_events", labels, value: work?.repeats ?? 0 },
    { metric: "agent.tokens_without_change", labels, value: work?.tokens ?? 0 },
  ];
  return measured;
}

/** An agent of several phases counts in each, one of none under its type alone. */
function activeByKind(fleet: readonly FleetAgent[]): Measurement[] {
  const kinds = fleet
    .filter(({ agent }) => agent.status === "IDLE")
    .flatMap(({ agent, phase_ids }) =>
      (phase_ids.length === 0 ? [""] : phase_ids).map((phase_id) => `${agent.agent_type}#${phase_id}`),
    );
  return [...tallied(kinds)].map(([kind, value]) => {
    const [agent_type = "", phase_id = ""] = kind.split("#");
    return { metric: "agents_active", labels: phase_id === "" ? { agent_type } : { agent_type, phase_id }, value };
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
