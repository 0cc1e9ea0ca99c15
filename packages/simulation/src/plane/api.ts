import type { RequestContext } from "@omoios/domain/commit";
import type { IdempotentRequest } from "@omoios/domain/idempotency";
import type { Actor } from "@omoios/kernel/principal";
import { Problem } from "@omoios/kernel/problem";
import type { Chance } from "../chance.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Faults } from "../wire/faults.ts";
import type { Fleet } from "./fleet.ts";
import { isOfTheWire, type Report } from "./functions.ts";
import type { Instance } from "./instances.ts";

/** No answer came, or one that says nothing: whether the call was heard is not known. */
export class Unanswered extends Error {}

/** A caller's way into the plane, over a network that may lose what is asked and what is answered. */
export interface Api {
  /** Throws `Problem` for a refusal and `Unanswered` where none of the tries was answered. */
  call<T>(given: Call<T>): Promise<T>;
}

interface Call<T> {
  of: "api-agents" | "api-control";
  actor: Actor;
  tries: number;
  act(instance: Instance, ctx: RequestContext): Promise<T>;
}

interface ApiParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  fleet(): Fleet;
  report: Report;
}

export function apiOn({ time, chance, faults, fleet, report }: ApiParts): Api {
  const once = async <T>({ of, actor, act }: Call<T>): Promise<T> => {
    await time.sleep(chance.between(1, 20));
    if (faults.ofMessage() === "lost") throw new Unanswered();
    const ending = await fleet().invoke(of, (instance) => {
      const now = time.now();
      const ctx = { now, actor, random: instance.rooms.random, correlation_id: `call-${now.toString(36)}` };
      return instance.inScope(of, ctx, (cause) => act(instance, { ...ctx, ...cause }));
    });
    await time.sleep(chance.between(1, 20));
    if (ending.ended === "died" || faults.ofMessage() === "lost") throw new Unanswered();
    if (ending.ended === "returned") return ending.value;
    if (ending.error instanceof Problem && ending.error.code !== "conflict.busy") throw ending.error;
    if (!(ending.error instanceof Problem) && !isOfTheWire(ending.error)) report(of, ending.error);
    throw new Unanswered();
  };
  return {
    async call(given) {
      for (let tries = 1; ; tries++) {
        try {
          return await once(given);
        } catch (error) {
          if (!(error instanceof Unanswered) || tries >= given.tries) throw error;
          await time.sleep(chance.between(200, 3_000) * tries);
        }
      }
    },
  };
}

interface Insisting {
  api: Api;
  time: VirtualTime;
  chance: Chance;
}

/** The person who runs the plane. */
export const OPERATOR: Actor = { kind: "operator", id: "key_operator", authority: "GUARDIAN" };

/** Asks for a change as the operator until there is an answer, always with the same key. Throws `Problem` for a refusal. */
export async function insistOn(
  { api, time, chance }: Insisting,
  { id, route }: Pick<IdempotentRequest, "id" | "route">,
  act: (instance: Instance, ctx: RequestContext) => Promise<string>,
): Promise<string> {
  const request: IdempotentRequest = { id, route, body_hash: route };
  for (;;) {
    try {
      return await api.call({
        of: "api-control",
        actor: OPERATOR,
        tries: 1,
        act: (instance, ctx) => underKey(instance, ctx, request, (own) => act(instance, own)),
      });
    } catch (error) {
      if (error instanceof Problem && error.code !== "idempotency.in_progress") throw error;
      if (!(error instanceof Problem) && !(error instanceof Unanswered)) throw error;
      await time.sleep(chance.between(500, 6_000));
    }
  }
}

/** Runs a change under an idempotency key, as the routes do: asked again, what it made is told again. */
async function underKey(
  { rooms }: Instance,
  ctx: RequestContext,
  request: IdempotentRequest,
  act: (ctx: RequestContext) => Promise<string>,
): Promise<string> {
  const known = await rooms.idempotency.begin(request, ctx.now);
  if (known.state === "done") return known.made;
  if (known.state !== "fresh") throw new Problem("idempotency.in_progress");
  const mine = { ...request };
  try {
    return await act({ ...ctx, idempotency: mine });
  } catch (error) {
    // A refusal changed nothing and leaves no mark; what failed otherwise may have been done, and its mark lapses.
    if (error instanceof Problem && mine.sealed !== true) await rooms.idempotency.abandon(mine);
    throw error;
  }
}
