import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { isId, newId } from "@omoios/kernel/ids";
import { hasAuthority } from "@omoios/kernel/principal";
import { Problem } from "@omoios/kernel/problem";
import { bringerOf } from "../alerting/bringer.ts";
import type { RequestContext } from "../commit.ts";
import { didYouMean } from "../config/suggest.ts";
import { advance } from "./advance.ts";
import { fitOf } from "./judge.ts";
import { look } from "./look.ts";
import type { RemediationRow } from "./model.ts";
import { opened, PLANE } from "./open.ts";
import type { WatchdogParts } from "./parts.ts";
import { actionOf, type Terms } from "./policy.ts";
import { remedies } from "./remedies.ts";
import { remediationView } from "./view.ts";

type Wanted = RouteInput<"startWatchdogAction">["body"];

/** What is done by hand without a policy's name. */
const BY_HAND = "by_hand";

/**
 * Does one action because somebody asks for it, with that principal's authority. No limit of a policy holds it back but those of the
 * agents themselves; under a policy's name it is escalated as that policy says where it does not help.
 * Throws `auth.authority_too_low`, `agent.not_found`, `request.invalid`, `watchdog.target_busy` or `watchdog.action_refused`.
 */
export async function byHand(
  parts: WatchdogParts,
  ctx: RequestContext,
  wanted: Wanted,
  lineOf: (target: RemediationRow["target"]) => Promise<string>,
): Promise<RouteReply<"startWatchdogAction">> {
  const { action, target, reason } = wanted;
  const { authority } = remedies[action];
  if (!hasAuthority(ctx.actor, authority))
    throw new Problem("auth.authority_too_low", { detail: `${action} takes the authority ${authority}.` });
  const row = {
    ...opened(newId("remediation", ctx.random), {
      policy: wanted.policy ?? BY_HAND,
      terms: termsOf(parts, wanted),
      target,
      line: await lineOf(target),
      cause: {
        correlation_id: ctx.correlation_id,
        traceparent: ctx.traceparent,
        by: ctx.actor.id,
        brought_by: bringerOf(ctx.actor),
        reason,
      },
      now: ctx.now,
    }),
    ...(action === "escalate" ? { asked: true } : {}),
  };
  await expectPossible(parts, row, action);
  await parts.commit(ctx, [{ kind: "remediation", after: row }], { made: row.remediation_id });
  await advance(parts, ctx, row.remediation_id);
  const after = await parts.store.get("remediation", { remediation_id: row.remediation_id });
  return remediationView(after ?? row);
}

function termsOf({ policies }: WatchdogParts, { action, policy: name, dry_run }: Wanted): Terms {
  const policy = policies.find((each) => each.name === name);
  if (name !== undefined && policy === undefined) {
    const message = `there is no policy ${name}: ${policies.map((each) => each.name).join(", ")}`;
    throw new Problem("request.invalid", { errors: [{ path: "/policy", message }] });
  }
  const own = policy?.terms.actions.find(({ type }) => type === action);
  const escalation = policy?.terms.escalation;
  return {
    actions: [own ?? actionOf({ type: action })],
    ...(escalation === undefined ? {} : { escalation }),
    authority: remedies[action].authority === "WATCHDOG" ? "WATCHDOG" : "MONITOR",
    dry_run: dry_run || policy?.terms.dry_run === true,
  };
}

/** Throws where there is no such phase or plane: a typing error would else be worked on, and called done. */
function expectPlace({ known_phases }: WatchdogParts, { kind, id }: RemediationRow["target"]): void {
  if (kind === "plane" && id !== PLANE) throw wrongTarget(`must be ${PLANE}: there is one`);
  if (kind !== "phase" || known_phases.has(id)) return;
  throw wrongTarget(
    `no workflow has the phase ${id}: there are ${[...known_phases].join(", ")}.${didYouMean(id, known_phases)}`,
  );
}

const wrongTarget = (message: string) => new Problem("request.invalid", { errors: [{ path: "/target/id", message }] });

async function expectPossible(parts: WatchdogParts, row: RemediationRow, action: Wanted["action"]): Promise<void> {
  const { kind, id } = row.target;
  if (kind === "agent") {
    if (!isId("agent", id)) throw wrongTarget("must be the id of an agent");
    if ((await parts.store.get("agent", { agent_id: id })) === undefined) throw new Problem("agent.not_found");
  }
  const line = await parts.store.get("remediation_line", { line: row.line });
  if (line?.open !== undefined) {
    const { remediation_id, policy } = line.open;
    throw new Problem("watchdog.target_busy", { detail: `${policy} works on it.`, extra: { remediation_id } });
  }
  const fit = fitOf(action, row, await look(parts, row));
  if (fit.is === "pass") throw new Problem("watchdog.action_refused", { detail: `No ${action}: ${fit.why}.` });
  expectPlace(parts, row.target);
}
