import type { RouteInput, RouteName, RouteReply, routes, TextRoute } from "@omoios/contracts/routes";
import type { Principal } from "@omoios/domain/access/principal";
import type { RequestContext } from "@omoios/domain/commit";
import type { Parts } from "@omoios/domain/config/well-formed";
import type { AgentId } from "@omoios/kernel/ids";
import type { Fault } from "@omoios/kernel/problem";

/** A request's context with its principal; `undefined` only on routes that need none. */
export interface CallContext extends RequestContext {
  readonly principal: Principal | undefined;
  readonly request_id: string;
  /** The bearer as it came, for the routes that judge it themselves (a first heartbeat). */
  readonly bearer: string | undefined;
  /** Whether the caller asks for the route's text (`text_type`) in place of JSON. */
  readonly wants_text: boolean;
  /** The version that `If-Match` names. */
  readonly if_match: number | undefined;
  /** The `Idempotency-Key` as it came, for the verb that keeps it in its own row (a claim keeps it in its slot). */
  readonly idempotency_key: string | undefined;
}

/** What answers one route; with a text where the route has one and the caller wants it. */
type Verb<N extends RouteName> = (
  ctx: CallContext,
  input: RouteInput<N>,
) => Promise<RouteReply<N> | (N extends TextRoute ? string : never)>;

/** One verb for each route: a route without a verb does not compile. */
export type Verbs = { readonly [N in RouteName]: Verb<N> };

type Row<N extends RouteName> = (typeof routes)[N];
/** Routes for which `needsReplay` holds. */
export type ReplayedRoute = {
  [N in RouteName]: Row<N> extends { idempotent: true }
    ? Row<N> extends { secret: true }
      ? never
      : "operator" extends Row<N>["who"][number]
        ? N
        : never
    : never;
}[RouteName];

/**
 * Reads again what an earlier call with the same idempotency key made, from the name that its commit left: one for each route that
 * takes such keys.
 */
export type Replays = { readonly [N in ReplayedRoute]: Replay<N> };
export type Replay<N extends RouteName> = (ctx: CallContext, made: string) => Promise<RouteReply<N>>;

/** Finds what a verb would refuse of what is readable of a body, for those who would else be told of it only at their next try. */
export type Judges = { readonly [N in RouteName]?: Judge<N> };
type Judge<N extends RouteName> = (
  ctx: CallContext,
  given: { params: RouteInput<N>["params"]; body: Parts<RouteInput<N>["body"]> | undefined },
) => Promise<Fault[]>;

/** Keeps the word of an agent that has ended, which the route's verb never hears. */
export type LateWords = {
  readonly [N in RouteName]?: (ctx: RequestContext, agent_id: AgentId, input: RouteInput<N>) => Promise<void>;
};
