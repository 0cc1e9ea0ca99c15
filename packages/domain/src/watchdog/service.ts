import type { Envelope } from "@omoios/contracts/events";
import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { isId } from "@omoios/kernel/ids";
import { lesser } from "@omoios/kernel/principal";
import type { AgentProfileRow } from "../agents/model.ts";
import { authorityBehind } from "../alerting/bringer.ts";
import type { RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { switchedPolicies } from "../switches/policies.ts";
import { switchesView } from "../switches/service.ts";
import { offOf, type Switch } from "../switches/switch.ts";
import { advance } from "./advance.ts";
import { lateParts, type PartRun } from "./beats.ts";
import { byHand } from "./by-hand.ts";
import type { RemediationRow, Target } from "./model.ts";
import { noticeHealth } from "./notice-health.ts";
import { againIdOf, type Occasion, occasionOf, opened, remediationIdOf, targetOf } from "./open.ts";
import type { WatchdogGround, WatchdogParts } from "./parts.ts";
import { type Policy, policyOf } from "./policy.ts";
import { listed } from "./queries.ts";
import { expectRemediation, stop, stopSwitchedOff } from "./stop.ts";
import { sweepBeats } from "./sweep-beats.ts";
import { beatViews, policyView, remediationView } from "./view.ts";

export type Watchdog = ReturnType<typeof watchdogService>;

/** Remediations under way that the status counts. */
const COUNTED = 100;

/** What repairs: remediations by policy and by hand, and the watch over the sweep. */
export function watchdogService({ policies: written, ...given }: WatchdogGround) {
  const parts: WatchdogParts = { ...given, policies: written.map(policyOf) };
  const { store, policies } = parts;
  const beats = sweepBeats(parts);
  const switched = switchedPolicies(parts.switches, "watchdog", written, policyView);
  const lineOf = (target: Target) => lineOfTarget(parts, target);

  return {
    /** An event that may be a policy's trigger, the end of an alert, or an agent that came. */
    async hear(ctx: RequestContext, event: Envelope): Promise<void> {
      if (policies.length === 0) return;
      if (event.type === "monitor.alert.resolved") return alertIsOver(parts, ctx, event);
      if (event.type === "agent.registered") return agentCame(parts, ctx, event);
      const found = occasionOf(event, policies);
      if (found === undefined) return;
      const line = await lineOf(found.occasion.target);
      for (const policy of found.policies) await open(parts, ctx, event, policy, found.occasion, line);
    },

    /** A remediation is due: its pause is over, or the time of its step. */
    async isDue(ctx: RequestContext, remediation_id: string): Promise<void> {
      if (isId("remediation", remediation_id)) await advance(parts, ctx, remediation_id);
    },

    byHand: (ctx: RequestContext, body: RouteInput<"startWatchdogAction">["body"]) => byHand(parts, ctx, body, lineOf),
    swept: (ctx: RequestContext, runs: readonly PartRun[], ended_at: Instant) => beats.swept(ctx, runs, ended_at),
    beatIsDue: beats.beatIsDue,
    list: (query: RouteInput<"listWatchdogActions">["query"]) => listed(store, query),

    /** Throws `remediation.not_found`. */
    get: async (remediation_id: string): Promise<RouteReply<"getWatchdogAction">> =>
      remediationView(await expectRemediation(parts, remediation_id)),

    stop: (ctx: RequestContext, remediation_id: string, reason: string) => stop(parts, ctx, remediation_id, reason),

    ...switched,

    /** As of any room; what a policy has under way when it is taken out of force is stopped. */
    async switch(ctx: RequestContext, wanted: Omit<Switch, "room">): Promise<void> {
      await switched.switch(ctx, wanted);
      if (!wanted.on) await stopSwitchedOff(parts, ctx, wanted.policy);
    },

    async status(now: Instant): Promise<RouteReply<"getWatchdogStatus">> {
      const [open, known = {}, off] = await Promise.all([
        store.list("remediation", "remediations#open", { limit: COUNTED }),
        parts.beats.load(),
        parts.switches.read("watchdog"),
      ]);
      const count = (holds: (policy: Policy) => boolean) => policies.filter(holds).length;
      const isOn = ({ enabled, name }: Policy) => enabled && offOf(off, name) === undefined;
      return {
        policies: {
          enabled: count((policy) => isOn(policy) && !policy.terms.dry_run),
          dry_run: count((policy) => isOn(policy) && policy.terms.dry_run),
          disabled: count((policy) => !isOn(policy)),
        },
        switched_off: switchesView(off),
        open: open.rows.length,
        beats: beatViews(known, now, lateParts(known, now, parts.limits.sweep_late_seconds * 1000)),
      };
    },
  };
}

/** An agent's line is known by the first agent in it. */
async function lineOfTarget({ agents }: WatchdogParts, { kind, id }: Target): Promise<string> {
  return `${kind}:${kind === "agent" ? await agents.lineStart(id) : id}`;
}

/** Opens a policy's answer to an occasion, once, and takes it as far as it goes. */
async function open(
  parts: WatchdogParts,
  ctx: RequestContext,
  event: Envelope,
  { name: policy, terms }: Policy,
  { key, target, alert_id, alertname, severity, brought_by }: Occasion,
  line: string,
): Promise<void> {
  const remediation_id = remediationIdOf(policy, key);
  const { id: event_id, type, correlation_id, traceparent } = event;
  const cause = {
    event_id,
    type,
    correlation_id,
    by: `watchdog:${policy}`,
    ...(traceparent === null ? {} : { traceparent }),
    ...(brought_by === undefined ? {} : { brought_by }),
  };
  const held = { ...terms, authority: lesser(terms.authority, authorityBehind(brought_by)) };
  const row: RemediationRow = {
    ...opened(remediation_id, { policy, terms: held, target, line, cause, now: ctx.now }),
    ...(alert_id !== undefined && isId("alert", alert_id) ? { alert_id } : {}),
    ...(alertname === undefined ? {} : { alertname }),
    ...(severity === undefined ? {} : { severity }),
  };
  // Said again: whoever heard it first has opened it. It may have died there, so that it is looked at all the same.
  await unlessStale(() => parts.commit(ctx, [{ kind: "remediation", after: row }]));
  await advance(parts, ctx, remediation_id);
}

/** An alert is over: what was begun for it may need no more. */
async function alertIsOver(parts: WatchdogParts, ctx: RequestContext, { data }: Envelope): Promise<void> {
  const labels = (data.labels ?? {}) as Labels;
  const its = parts.policies.filter(({ triggers }) =>
    triggers.some((trigger) => "alert" in trigger && trigger.alert === labels.alertname),
  );
  for (const { name } of its) {
    const remediation_id = remediationIdOf(name, String(data.alert_id));
    await advance(parts, ctx, remediation_id);
    await advance(parts, ctx, againIdOf(remediation_id));
  }
  if (its.length > 0) await noticeHealth(parts, ctx, await lineOfTarget(parts, targetOf(labels)));
}

/** An agent sent its first heartbeat: what waits for a replacement, or for more workers, looks again. */
async function agentCame(parts: WatchdogParts, ctx: RequestContext, { subject }: Envelope): Promise<void> {
  const profile = isId("agent", subject.id)
    ? await parts.store.get("agent_profile", { agent_id: subject.id })
    : undefined;
  if (profile === undefined) return;
  for (const line of await linesOf(parts, profile)) {
    const row = await parts.store.get("remediation_line", { line });
    if (row?.open !== undefined) await advance(parts, ctx, row.open.remediation_id, profile);
    else if (row !== undefined) await noticeHealth(parts, ctx, line, profile);
  }
}

async function linesOf(parts: WatchdogParts, { replaces, phase_ids }: AgentProfileRow): Promise<string[]> {
  const phases = phase_ids.map((id) => ({ kind: "phase", id }) as const);
  const targets: Target[] = replaces === undefined ? phases : [...phases, { kind: "agent", id: replaces }];
  return Promise.all(targets.map((target) => lineOfTarget(parts, target)));
}
