import type { Step } from "../call.ts";

/** What browsers are told of every answer. A page of ours replaces the content policy and the caching by its own. */
export const securityHeaders: Step = async (c, next) => {
  c.header("X-Content-Type-Options", "nosniff");
  c.header("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  c.header("Referrer-Policy", "no-referrer");
  c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  c.header("Cache-Control", "no-store");
  await next();
};
