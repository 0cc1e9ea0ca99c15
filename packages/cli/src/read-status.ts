import type { Ticket } from "@omoios/contracts/views/ticket";
import type { Client } from "@omoios/sdk/client";
import { firstItems } from "./lists.ts";

const TASK_STATUSES = ["ready", "running", "failed"] as const;
/** More than these of a kind are counted as "this many and more". */
const MOST_TICKETS = 1_000;
const MOST_OTHERS = 500;

const PHASE_ORDER = [
  "PHASE_BACKLOG",
  "PHASE_REQUIREMENTS",
  "PHASE_DESIGN",
  "PHASE_IMPLEMENTATION",
  "PHASE_BUILDING_DONE",
  "PHASE_TESTING",
  "PHASE_DEPLOYMENT",
  "PHASE_DONE",
];

interface Count {
  count: number;
  more: boolean;
}

/** A stage at a glance. */
export interface StageStatus {
  phases: {
    phase_id: string;
    tickets: Partial<Record<Ticket["status"], number>>;
    tasks: Record<(typeof TASK_STATUSES)[number], Count>;
  }[];
  more_tickets: boolean;
  agents: Record<string, number>;
  dead_letters: Count;
  paused: boolean;
}

/** Counts what a stage holds, in the phases where it has tickets. */
export async function readStatus(client: Client): Promise<StageStatus> {
  const [tickets, agents, letters, paused] = await Promise.all([
    firstItems(client, "listTickets", {}, MOST_TICKETS),
    firstItems(client, "listAgents", {}, MOST_OTHERS),
    firstItems(client, "listDeadLetters", {}, MOST_OTHERS),
    client.getPause().then(({ paused }) => paused),
  ]);
  const phaseIds = [...new Set(tickets.items.map(({ phase_id }) => phase_id))].sort(byPhase);
  return {
    phases: await Promise.all(phaseIds.map((phase_id) => readPhase(client, phase_id, tickets.items))),
    more_tickets: tickets.more,
    agents: countBy(
      agents.items.filter(({ status }) => status !== "TERMINATED"),
      ({ status }) => status,
    ),
    dead_letters: { count: letters.items.length, more: letters.more },
    paused,
  };
}

/** The default workflow's phases stand in their order; another workflow's own follow by name. */
function byPhase(a: string, b: string): number {
  const [left, right] = [PHASE_ORDER.indexOf(a), PHASE_ORDER.indexOf(b)];
  if (left !== -1 && right !== -1) return left - right;
  if (left === right) return a.localeCompare(b);
  return left === -1 ? 1 : -1;
}

async function readPhase(client: Client, phase_id: string, tickets: Ticket[]): Promise<StageStatus["phases"][number]> {
  const count = async (status: (typeof TASK_STATUSES)[number]): Promise<Count> => {
    const page = await firstItems(client, "listTasks", { query: { phase_id, status } }, 100);
    return { count: page.items.length, more: page.more };
  };
  const [ready, running, failed] = await Promise.all([count("ready"), count("running"), count("failed")]);
  const here = tickets.filter((ticket) => ticket.phase_id === phase_id);
  return { phase_id, tickets: countBy(here, ({ status }) => status), tasks: { ready, running, failed } };
}

function countBy<T, K extends string>(items: readonly T[], key: (item: T) => K): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
