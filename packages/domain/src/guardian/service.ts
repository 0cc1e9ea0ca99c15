import type { Envelope } from "@omoios/contracts/events";
import { isProblemCode, problems } from "@omoios/contracts/problems";
import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { type InterventionId, newId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { agentsOfClasses } from "../agents/of-classes.ts";
import type { RequestContext } from "../commit.ts";
import type { Candidate } from "./choose-agents.ts";
import { DoneBefore, intervene } from "./intervene.ts";
import { interventionsMatching } from "./list.ts";
import type { InterventionRow, Order } from "./model.ts";
import { ordersOf } from "./orders.ts";
import type { GuardianParts } from "./parts.ts";
import type { Policy } from "./policy.ts";
import { expectIntervention, noteRefusal, revert } from "./revert.ts";
import { triggersOf } from "./trigger.ts";
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

    policies: (): RouteReply<"listGuardianPolicies"> => ({ items: parts.policies.map(policyView), next_cursor: null }),

    /** Lets the policies act that an event triggers. May be heard again. */
    async hear(ctx: RequestContext, event: Envelope): Promise<void> {
      let held_back: unknown;
      for (const { policy, cueOf } of policies) {
        const cue = cueOf(event);
        if (cue === undefined) continue;
        const candidates = await candidatesFor(parts, policy);
        for (const found of ordersOf(policy, cue, candidates)) {
          if ("order" in found) {
            const failed = await obey(parts, actingFor(ctx, policy), found.order);
            held_back ??= failed;
          } else parts.notice?.("A policy has nothing to act on", { policy: policy.name, why: found.why });
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

/** Does what a policy orders. Returns what held it back for now; what is refused for good is for people to read. */
async function obey(parts: GuardianParts, ctx: RequestContext, order: Order): Promise<unknown> {
  try {
    await intervene(parts, ctx, order);
  } catch (error) {
    if (error instanceof DoneBefore) return undefined;
    if (!(error instanceof Problem) || mayComeAgain(error)) return error;
    const { action_id, action, target, policy } = order;
    // Who heard the same beside this one has done it, and that is what stood in the way.
    if ((await parts.store.get("intervention", { action_id })) !== undefined) return undefined;
    parts.notice?.("A policy was refused", { policy: policy?.name, action, target, why: error.message });
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
