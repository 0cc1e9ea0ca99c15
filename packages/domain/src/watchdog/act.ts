import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { invariant, Problem } from "@omoios/kernel/problem";
import type { EventDraft, RequestContext } from "../commit.ts";
import type { RemediationRow } from "./model.ts";
import type { WatchdogParts } from "./parts.ts";
import type { Action } from "./policy.ts";

/** What came of an action. */
export type Done =
  | { is: "done"; why: string; row?: Partial<RemediationRow>; events?: readonly EventDraft[] }
  | { is: "failed"; why: string }
  /** It may not be done yet. */
  | { is: "later"; until: Instant };

/** Refusals of the agents' verbs that are answers, and no fault of the plane. */
const ANSWERS = new Set([
  "agent.not_found",
  "agent.ended",
  "agent.leaving",
  "agent.status_refused",
  "agent.restart_limit",
  "auth.authority_too_low",
]);
const NOTICE_ENDS_AFTER_MS = 3_600_000;

/**
 * Does what the row's step says. It may be done twice, by one that took over from a process that died: each verb then finds what was
 * done. Throws what is no answer of an agent's verb, and it is tried again.
 */
export async function act(
  parts: WatchdogParts,
  ctx: RequestContext,
  row: RemediationRow,
  action: Action,
): Promise<Done> {
  try {
    return await doIt(parts, ctx, row, action);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code === "agent.restart_cooldown")
      return { is: "later", until: ctx.now + Math.max(1_000, Number(problem.extra.retry_after_ms)) };
    if (!ANSWERS.has(problem.code)) throw problem;
    return { is: "failed", why: problem.message };
  }
}

async function doIt(parts: WatchdogParts, ctx: RequestContext, row: RemediationRow, action: Action): Promise<Done> {
  const { agents } = parts;
  switch (action.type) {
    case "restart":
      return restart(parts, ctx, row);
    case "recycle_token":
      await agents.recycle(ctx, agentOf(row), reasonOf(row));
      return { is: "done", why: "its key and its tokens are void" };
    case "requeue_tasks": {
      const tasks = await agents.requeue(ctx, agentOf(row), reasonOf(row));
      return { is: "done", why: `${tasks} tasks went back to their lanes` };
    }
    case "failover":
      await agents.failOver(ctx, agentOf(row), { reason: reasonOf(row), asked_by: askOf(row) });
      return { is: "done", why: "a replacement was asked for" };
    case "quarantine":
      return quarantine(parts, ctx, row);
    case "scale_out":
      return scaleOut(parts, row, action);
    case "notify":
      await notify(parts, ctx, row, action);
      return { is: "done", why: "said" };
    case "escalate":
      return { is: "done", why: "handed on" };
  }
}

async function restart({ agents, store }: WatchdogParts, ctx: RequestContext, row: RemediationRow): Promise<Done> {
  const agent_id = agentOf(row);
  const agent = await store.get("agent", { agent_id });
  // A try before this one may have done it, and died before it said so.
  const done =
    agent?.leaving?.how === "restart" || (agent?.status === "TERMINATED" && agent.restarted_at !== undefined);
  if (!done) await agents.restart(ctx, agent_id, reasonOf(row));
  return { is: "done", why: "it was told to stop, and a replacement is asked for" };
}

async function quarantine({ agents, store }: WatchdogParts, ctx: RequestContext, row: RemediationRow): Promise<Done> {
  const agent_id = agentOf(row);
  const agent = await store.get("agent", { agent_id });
  if (agent?.status !== "QUARANTINED") await agents.isolate(ctx, agent_id, reasonOf(row));
  return { is: "done", why: "it is in quarantine, and a replacement was asked for" };
}

/** Says what workers are wanted; who starts agents hears it. Of an agent, more of its kind; of a phase, such as serve it. */
async function scaleOut({ store }: WatchdogParts, row: RemediationRow, { workers = 1 }: Action): Promise<Done> {
  const { agent_id, target } = row;
  const profile = agent_id === undefined ? undefined : await store.get("agent_profile", { agent_id });
  const wanted = {
    agent_type: "worker",
    phase_ids: profile?.phase_ids ?? [target.id],
    capabilities: profile?.capabilities ?? [],
    workers,
  };
  const why = `${workers} more for ${wanted.phase_ids.join(", ")} asked for`;
  return { is: "done", why, row: wanted, events: [{ type: "watchdog.scale_out_requested" }] };
}

/** An alert of its own, by which receivers are told. */
function notify({ alerting }: WatchdogParts, ctx: RequestContext, row: RemediationRow, action: Action): Promise<void> {
  const { policy, target, alertname, cause, acted_at = ctx.now } = row;
  const about = target.kind === "plane" ? "the plane" : `${target.kind} ${target.id}`;
  const summary = `The watchdog (${policy}) works on ${about} because of ${alertname ?? cause.type ?? "a request"} since ${toRfc3339(row.opened_at)}`;
  const labels = { policy, ...(target.kind === "plane" ? {} : { [`${target.kind}_id`]: target.id }) };
  return alerting.hear(ctx, [
    {
      alertname: "watchdog_notice",
      labels,
      status: "firing",
      severity: action.severity ?? "warning",
      annotations: { summary },
      at: acted_at,
      routing: action.receivers ?? [],
      deduplication_window_ms: 0,
      ends_at: acted_at + NOTICE_ENDS_AFTER_MS,
      once: true,
    },
  ]);
}

function agentOf({ agent_id, remediation_id }: RemediationRow) {
  invariant(agent_id !== undefined, `${remediation_id} has an agent`);
  return agent_id;
}

const askOf = ({ remediation_id, step }: RemediationRow) => `${remediation_id}#${step}`;

/** What the agent's history shows. */
const reasonOf = ({ policy, cause, alertname }: RemediationRow) =>
  cause.reason ?? `watchdog ${policy}: ${alertname ?? cause.type ?? ""}`;
