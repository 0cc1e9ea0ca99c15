import type { Route } from "./routes/route.ts";

/** Kinds of routes that share a limit: each principal has a bucket for each. */
const RATE_CLASSES = ["read", "write", "work", "register"] as const;
export type RateClass = (typeof RATE_CLASSES)[number];

/** A route's class: what only agents call is their work; of the rest, what changes something is apart from what reads. */
export function rateClassOf({ method, path, who }: Pick<Route, "method" | "path" | "who">): RateClass {
  if (path === "/agents/register") return "register";
  if (!who.includes("operator")) return "work";
  return method === "GET" ? "read" : "write";
}
