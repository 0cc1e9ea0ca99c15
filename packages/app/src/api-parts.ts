import type { Limits } from "@omoios/contracts/limits";
import type { PathKind } from "@omoios/contracts/path-param";
import type { Replies, RouteName } from "@omoios/contracts/routes";
import type { Principal } from "@omoios/domain/access/principal";
import type { RateLimiter } from "@omoios/domain/access/rate-limiter";
import type { Audit } from "@omoios/domain/audit/service";
import type { IdempotencyStore } from "@omoios/domain/idempotency";
import type { Clock, Instant } from "@omoios/kernel/clock";
import type { Random } from "@omoios/kernel/random";
import type { CallContext, Judges, LateWords, Replays, Verbs } from "./verbs.ts";

/** What a bearer is judged for: an assertion is good for an agent's first heartbeat, and for nothing else. */
interface Authentication {
  route: RouteName;
  path_params: Readonly<Record<string, string>>;
  now: Instant;
}

/** Where faults of our own are written. A Powertools logger is one. */
export interface ErrorLog {
  error(message: string, fields: Record<string, unknown>): void;
}

/** All that the HTTP layer needs of the plane. */
export interface ApiParts {
  verbs: Verbs;
  /** One for each route with `idempotent` that operators call and whose answer holds no secret. */
  replays: Replays;
  /** Who holds the bearer. Throws `auth.invalid`, or what the route's own page says. */
  authenticate(bearer: string, call: Authentication): Promise<Principal>;
  /**
   * Whether the id in a path names something. Asked only before a fault of the input is answered, so that a missing thing is a 404 in
   * any case; without it, or where it does not know, such a call answers the fault.
   */
  exists?(ctx: CallContext, kind: PathKind, id: string): Promise<boolean | undefined>;
  /** What verbs would refuse of a body that has faults beside: told in one answer. */
  judges?: Judges;
  /** Keeps what an agent that has ended hands in, for the routes that bring a result. */
  late?: LateWords;
  rate_limiter: RateLimiter;
  rate_limits: Limits["rate_limits"];
  idempotency: IdempotencyStore;
  /** Who keeps that a call was refused. */
  audit: Pick<Audit, "refused" | "refusedUnknown">;
  clock: Clock;
  random: Random;
  log: ErrorLog;
  /** What each answer is held to, with 500 where it differs. For tests and development: it costs time. */
  replies?: Replies;
}
