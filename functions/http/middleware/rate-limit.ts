import type { ApiParts } from "@omoios/app/api-parts";
import { rateClassOf } from "@omoios/contracts/rate-classes";
import type { Route } from "@omoios/contracts/routes/route";
import { Problem } from "@omoios/kernel/problem";
import type { Step } from "../call.ts";

/**
 * Turns a principal away that calls routes of the row's class too often, and tells every one what is left to it, as the IETF's
 * draft of the RateLimit headers has it: `q` requests at once, full again after `w` seconds; `r` are left, more in `t` seconds.
 */
export function rateLimit(
  { rate_limiter, rate_limits }: Pick<ApiParts, "rate_limiter" | "rate_limits">,
  row: Route,
): Step {
  const rate_class = rateClassOf(row);
  const limit = rate_limits[rate_class];
  const policy = `"${rate_class}";q=${limit.burst};w=${Math.ceil(limit.burst / limit.per_second)}`;
  return async (c, next) => {
    const { principal, now } = c.get("call");
    if (principal === undefined) return next();
    const admission = await rate_limiter.admit(`${principal.actor.id}#${rate_class}`, limit, now);
    const { allowed, remaining, full_in_ms, retry_after_ms } = admission;
    const seconds = Math.ceil((allowed ? full_in_ms : retry_after_ms) / 1000);
    c.header("RateLimit-Policy", policy);
    c.header("RateLimit", `"${rate_class}";r=${remaining};t=${seconds}`);
    if (!allowed) {
      const detail = `The limit of this principal is ${limit.per_second} requests a second, ${limit.burst} at once.`;
      throw new Problem("rate.limited", { detail, extra: { retry_after_ms, rate_class } });
    }
    await next();
  };
}
