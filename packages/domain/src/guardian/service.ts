import type { Envelope } from "@omoios/contracts/events";
import { isProblemCode, problems } from "@omoios/contracts/problems";
import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { type InterventionId, newId } from "@omoios/kernel/ids";
import { hasAuthority } from "@omoios/kernel/principal";
import { Problem } from "@omoios/kernel/problem";
import { agentsOfClasses } from "../agents/of-classes.ts";
import { authorityBehind } from "../alerting/bringer.ts";
import type { RequestContext } from "../commit.ts";
import type { Off } from "../switches/model.ts";
import { switchedPolicies } from "../switches/policies.ts";
import type { Candidate } from "./choose-agents.ts";
import { DoneBefore, intervene, noteRefused } from "./intervene.ts";
import { interventionsMatching } from "./list.ts";
import type { InterventionRow, Order } from "./model.ts";
import { ordersOf } from "./orders.ts";
import type { GuardianParts } from "./parts.ts";
import type { Policy } from "./policy.ts";
import { expectIntervention, noteRefusal, revert } from "./revert.ts";
import { type Cue, triggersOf } from "./trigger.ts";
import { interventionView, policyView } from "./view.ts";

export type Guardian = ReturnType<typeof guardianService>;

type View = RouteReply<"getIntervention">;

/** Interventions, by people and by policies: each can be taken back. */
export function guardianService(parts: GuardianParts) {
  const policies = parts.policies.map((policy) => ({ policy, cueOf: triggersOf(policy) }));
  return {
    /** Does what somebody with the authority asks for. */
    intervene: async (ctx: RequestContext, body: RouteInput<"intervene">["body"]): Promise<View> =>
      interventionView(await intervene(parts, ctx, { ...body, action_id: newId("intervention", ctx.random) })),

    revert: async (ctx: RequestContext, action_id: string, reason: string): Promise<View> =>
      interventionView(await revert(parts, ctx, action_id, { reason })),

    get: async (action_id: string): Promise<View> => interventionView(await expectIntervention(parts, action_id)),

    list: (query: RouteInput<"listInterventions">["query"]) => interventionsMatching(parts, query),

    ...switchedPolicies(parts.switches, "guardian", parts.policies, policyView),

    /** Lets the policies act that an event triggers. May be heard again. */
    async hear(ctx: RequestContext, event: Envelope): Promise<void> {
      let held_back: unknown;
      for (const { policy, cueOf } of policies) {
        const cue = cueOf(event);
        if (cue === undefined) continue;
        const off = await parts.switches.offOf("guardian", policy.name);
        const candidates = off === undefined ? await candidatesFor(parts, policy) : [];
        for (const found of ordersOf(policy, cue, candidates)) {
          const order = "order" in found ? found.order : found.unmet;
          const refused = forbiddenBy(off) ?? ("order" in found ? lackedBy(cue) : nothingToMove(found.why));
          if (order === undefined)
            parts.notice?.("A policy has nothing to act on", { policy: policy.name, why: refused?.message });
          else {
            const failed = await obey(parts, actingFor(ctx, policy), order, refused);
            held_back ??= failed;
          }
        }
      }
      // All others have had their turn, and find what they did when the event comes again.
      if (held_back !== undefined) throw held_back;
    },

    /** The time of an action is over: it is taken back, or it is noted why not. */
    async isDue(ctx: RequestContext, action_id: string): Promise<void> {
      const row = await parts.store.get("intervention", { action_id: action_id as InterventionId });
      if (row?.due_at === undefined) return;
      if (row.due_at > ctx.now) {
        await parts.timers.set([{ kind: "intervention", id: action_id, due_at: row.due_at }], ctx.now);
        return;
      }
      await rollBack(parts, ctx, row);
    },
  };
}

/** A policy acts with just the authority that an intervention needs. */
function actingFor(ctx: RequestContext, { name }: Pick<Policy, "name">): RequestContext {
  return { ...ctx, actor: { kind: "system", id: `guardian.${name}`, authority: "GUARDIAN" } };
}

/** Whether the same may succeed later. */
const mayComeAgain = ({ code }: Problem) => isProblemCode(code) && problems[code].retry === "later";

/** Nobody has the guardian do by an alert what he may not do by hand. */
function lackedBy({ title, brought_by }: Cue): Problem | undefined {
  if (hasAuthority({ authority: authorityBehind(brought_by) }, "GUARDIAN")) return undefined;
  const detail = `An intervention takes the authority GUARDIAN, and ${brought_by?.id}, who brought ${title}, has ${brought_by?.authority}.`;
  return new Problem("auth.authority_too_low", { detail });
}

const forbiddenBy = (off: Off | undefined) =>
  off && new Problem("policy.switched_off", { detail: `Not acted: ${off.by} switched it off: ${off.reason}` });

const nothingToMove = (why: string) => new Problem("agent.capacity_refused", { detail: `${why}.` });

/** Does what a policy orders. Returns what held it back for now; what is refused for good is kept, and people are told. */
async function obey(
  parts: GuardianParts,
  ctx: RequestContext,
  order: Order,
  refused: Problem | undefined,
): Promise<unknown> {
  try {
    if (refused !== undefined) throw refused;
    await intervene(parts, ctx, order);
  } catch (error) {
    if (error instanceof DoneBefore) return undefined;
    if (!(error instanceof Problem) || mayComeAgain(error)) return error;
    // It is so already: by others, or by who heard the same beside this one.
    if (error.code === "guardian.nothing_to_change") return undefined;
    if ((await parts.store.get("intervention", { action_id: order.action_id })) !== undefined) return undefined;
    await noteRefused(parts, ctx, order, error);
  }
  return undefined;
}

async function rollBack(parts: GuardianParts, ctx: RequestContext, row: InterventionRow): Promise<void> {
  const acting = actingFor(ctx, { name: row.policy ?? "" });
  try {
    await revert(parts, acting, row.action_id, { reason: "Its time is over", by_time: true });
  } catch (error) {
    if (!(error instanceof Problem) || mayComeAgain(error)) throw error;
    await noteRefusal(parts, acting, row.action_id, error);
  }
}

/** Agents that capacity is moved between, where a policy moves any. */
async function candidatesFor(parts: GuardianParts, { actions, name }: Policy): Promise<Candidate[]> {
  if (!actions.some(({ type }) => type === "reallocate_capacity")) return [];
  const { found, more } = await agentsOfClasses(parts, await parts.store.all("agent_class", {}));
  if (more) parts.notice?.("A policy chose among a part of the agents", { policy: name, agents: found.length });
  return found.map(({ agent, of }) => ({ agent, phase_ids: of.phase_ids }));
}
