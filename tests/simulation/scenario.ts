import type { Rooms } from "@omoios/app/rooms";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { Limits } from "@omoios/contracts/limits";
import type { Priority } from "@omoios/contracts/shapes/common";
import { type Workflow, workflow } from "@omoios/domain/tickets/workflow";
import type { Chance } from "@omoios/simulation/chance";

type NewTask = Parameters<Rooms["tickets"]["addTasks"]>[2][number];

/** What a seed's run is about. */
export interface Scenario {
  one_machine: boolean;
  limits: Limits;
  /** For how long things go wrong, in virtual milliseconds. */
  faults_ms: number;
  agents: PlannedAgent[];
  calls: PlannedCall[];
}

export interface PlannedAgent {
  capabilities: string[];
  capacity: number;
  /** By how much its own clock is wrong. */
  clock_off_ms: number;
  /** How it comes to its work: it asks often, or seldom and is woken over a socket, or has it pushed to its webhook. */
  told: "not" | "socket" | "webhook";
  url: string;
}

/** Tasks that the operator adds in one call, to its first or second ticket. */
export interface PlannedCall {
  ticket: number;
  tasks: NewTask[];
  /** How many of its tasks wait for one of an earlier call, chosen when the call is made. */
  waits_for_earlier: number;
  /** The ticket goes through phases with gates, and makes tasks of its own. */
  gated: boolean;
}

const CAPABILITIES = ["docs", "lang:ts"];
const PRIORITIES: readonly Priority[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];
const SHAPES = ["diamonds", "fan_in", "chain", "any"] as const;

export function scenarioOf(chance: Chance): Scenario {
  const big = chance.percent(5);
  const count = big ? 26 : chance.between(8, 9);
  const calls: PlannedCall[] = [call(chance, 0, count)];
  if (!big && chance.percent(50)) calls.push(call(chance, chance.between(0, 1), chance.between(2, 3)));
  if (!big && chance.percent(25)) calls.push({ ...call(chance, 2, 1), gated: true });
  return {
    one_machine: chance.percent(20),
    limits: limitsOf(chance),
    faults_ms: chance.between(50, 110) * 1_000,
    agents: Array.from({ length: chance.between(3, 4) }, (_, index) => ({
      capabilities: index === 0 || chance.percent(70) ? CAPABILITIES : chance.percent(50) ? ["docs"] : ["lang:ts"],
      capacity: chance.between(1, 2),
      clock_off_ms: chance.between(-90, 90) * 86_400_000,
      told: index === 1 ? chance.one(["not", "socket", "socket"]) : index > 1 ? chance.one(["not", "webhook"]) : "not",
      url: `https://agent-${index}.simulated/`,
    })),
    calls,
  };
}

/** Shorter waits than a stage's, so that every one of them ends within a run. */
function limitsOf(chance: Chance): Limits {
  return {
    ...defaultLimits,
    lease_seconds: 60,
    batch_open_seconds: 90,
    idempotency_running_seconds: 10,
    blocked_after_seconds: 400,
    lost_leases: chance.between(2, 5),
    progress_event_every_seconds: 10,
    assignment_seconds: 20,
    // Lanes and classes go while others come to them.
    lane_idle_seconds: 40,
    heartbeat_idle_seconds: 16,
    heartbeat_running_seconds: 16,
    heartbeat_misses: chance.one([
      { degraded: 1, failed: 2 },
      { degraded: 2, failed: 3 },
    ]),
    // So few agents: now and then all of them that are silent together are no failure of theirs, and else each is.
    mass_silence: { share: 0.5, agents: chance.between(2, 5), most_seconds: 60 },
  };
}

function call(chance: Chance, ticket: number, count: number): PlannedCall {
  const shape = chance.one(SHAPES);
  const tasks = Array.from(
    { length: count },
    (_, index): NewTask => ({
      ref: `t${index}`,
      title: `Task ${ticket}.${index}`,
      priority: chance.one(PRIORITIES),
      required_capabilities: chance.percent(40) ? [chance.one(CAPABILITIES)] : [],
      depends_on: before(chance, shape, index).map((at) => `t${at}`),
      max_retries: chance.between(0, 2),
      timeout_seconds: chance.between(40, 150),
    }),
  );
  return { ticket, tasks, waits_for_earlier: ticket === 0 ? 1 : 2, gated: false };
}

/** Which earlier tasks the one with this number waits for. */
function before(chance: Chance, shape: (typeof SHAPES)[number], index: number): number[] {
  if (index === 0) return [];
  const earlier = Array.from({ length: index }, (_, at) => at);
  switch (shape) {
    case "chain":
      return [index - 1];
    case "fan_in":
      // All of the first ones meet in every fifth task.
      return index % 5 === 4 ? earlier.slice(-4) : [];
    case "diamonds":
      // 0 → 1, 2 → 3 → 4, 5 → 6
      return index % 3 === 0 ? [index - 1, index - 2] : [index - (index % 3)];
    case "any":
      return earlier.filter(() => chance.percent(Math.min(50, 250 / index)));
  }
}

/** A short way with gates: two phases that make tasks, and ask for a report. */
export const gatedWorkflow: Workflow = workflow.parse({
  id: "gated",
  name: "Gated",
  columns: [{ id: "all", name: "All" }],
  phases: [
    {
      id: "PHASE_BACKLOG",
      name: "Backlog",
      order: 0,
      column: "all",
      execution_mode: "exploration",
      allowed_transitions: ["PHASE_BUILD"],
    },
    {
      id: "PHASE_BUILD",
      name: "Build",
      order: 1,
      column: "all",
      execution_mode: "implementation",
      allowed_transitions: ["PHASE_CHECK"],
      task_templates: [
        { key: "plan", title: "Plan", task_type: "plan" },
        { key: "build", title: "Build ${ticket.title}", task_type: "build", depends_on: ["plan"] },
        { key: "describe", title: "Describe", task_type: "describe", depends_on: ["plan"] },
        { key: "pack", title: "Pack", task_type: "pack", depends_on: ["build", "describe"] },
      ],
      gate: { artifacts: ["report"], criteria: [{ artifact: "report", metadata: "ok", is: true }] },
    },
    {
      id: "PHASE_CHECK",
      name: "Check",
      order: 2,
      column: "all",
      execution_mode: "validation",
      allowed_transitions: ["PHASE_DONE"],
      task_templates: [{ key: "check", title: "Check", task_type: "check" }],
      gate: { artifacts: ["report"] },
    },
    { id: "PHASE_DONE", name: "Done", order: 3, column: "all", execution_mode: "validation", terminal: true },
  ],
});
