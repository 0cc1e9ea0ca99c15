import { isId } from "@omoios/kernel/ids";
import type { FleetAgent } from "../../agents/fleet.ts";
import type { Store } from "../../store.ts";
import type { Series } from "../series/model.ts";
import type { Measurement } from "./measurement.ts";

/** Gauges that the plane takes whole each minute: what is not among them is zero. */
const WHOLE = new Set<string>(["agents_active", "tasks_stuck"]);
/** Gauges of an agent that are over with it; the first two stand while it has FAILED. */
const WHILE_FAILED = new Set<string>(["agent.heartbeat.missed", "agent.status.unresponsive"]);
const OF_AGENT = new Set<string>([
  ...WHILE_FAILED,
  "agent_heartbeat_age_seconds",
  "agent.progress_age_seconds",
  "agent.repeated_events",
  "agent.tokens_without_change",
  "agent.anomaly_score",
]);
const OF_TICKET = new Set<string>(["ticket.blocked", "ticket.blocked.critical"]);

/**
 * Whether a series says of something that it is so, or something strange about it is not over, and nobody measured it in this minute. What
 * is taken whole costs nothing to know.
 */
export function asksForItsEnd(series: Series, isStrange: (series: Series) => boolean): boolean {
  const { metric, recent } = series;
  if (WHOLE.has(metric)) return true;
  if (!OF_AGENT.has(metric) && !OF_TICKET.has(metric)) return false;
  return (recent.at(-1)?.[1] ?? 0) !== 0 || isStrange(series);
}

/**
 * What is so of what series say, by the rows that they are about, which are read for those few alone: it is over, or it stands as it
 * did. Of an agent or ticket that is not ours nothing is known.
 * @param fleet the agents that beat; undefined where that is not known now
 */
export async function measureEnds(
  store: Store,
  fleet: readonly FleetAgent[] | undefined,
  series: readonly Series[],
): Promise<Map<string, Measurement>> {
  const of = (metrics: ReadonlySet<string>, label: string) =>
    new Set(series.filter(({ metric }) => metrics.has(metric)).flatMap(({ labels }) => labels[label] ?? []));
  const agent_ids = [...of(OF_AGENT, "agent_id")].filter((id) => isId("agent", id));
  const ticket_ids = [...of(OF_TICKET, "ticket_id")].filter((id) => isId("ticket", id));
  const [agents, tickets] = await Promise.all([
    agent_ids.length === 0
      ? []
      : store.getMany(
          "agent",
          agent_ids.map((agent_id) => ({ agent_id })),
        ),
    ticket_ids.length === 0
      ? []
      : store.getMany(
          "ticket",
          ticket_ids.map((ticket_id) => ({ ticket_id })),
        ),
  ]);
  const failed = new Map(agents.map((agent) => [agent.agent_id as string, agent.status === "FAILED"]));
  const blocked = new Map(tickets.map((ticket) => [ticket.ticket_id as string, ticket.is_blocked]));
  const beats = new Set<string>(fleet?.map(({ agent }) => agent.agent_id));
  /** `undefined` where that is not known. */
  const isOver = ({ metric, labels: { agent_id = "", ticket_id = "" } }: Series): boolean | undefined => {
    if (OF_TICKET.has(metric)) return negated(blocked.get(ticket_id));
    if (fleet === undefined || beats.has(agent_id)) return undefined;
    if (WHOLE.has(metric)) return true;
    const has_failed = failed.get(agent_id);
    return WHILE_FAILED.has(metric) ? negated(has_failed) : has_failed === undefined ? undefined : true;
  };
  return new Map(
    series.flatMap((each) => {
      const over = isOver(each);
      if (over === undefined) return [];
      const { id, metric, labels, recent } = each;
      const value = over ? 0 : (recent.at(-1)?.[1] ?? 0);
      return [[id, { metric: metric as Measurement["metric"], labels, value }] as const];
    }),
  );
}

const negated = (so: boolean | undefined): boolean | undefined => (so === undefined ? undefined : !so);
