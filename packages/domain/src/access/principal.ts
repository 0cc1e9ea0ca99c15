import type { Scope } from "@omoios/contracts/shapes/access";
import type { AgentId } from "@omoios/kernel/ids";
import type { Actor } from "@omoios/kernel/principal";
import type { AgentRow } from "../agents/model.ts";

/** Who calls, as its key or token proves it. Nothing of it comes from a request's body. */
export type Principal =
  | { kind: "operator"; actor: Actor; scopes: readonly Scope[] }
  /** May register so many agents, and do nothing else. */
  | { kind: "registration"; actor: Actor; uses: number }
  /** `agent` is the row as authentication read it, so that a verb need not read it again. */
  | { kind: "agent"; actor: Actor; agent_id: AgentId; epoch: number; agent: AgentRow };

/** Whether an operator's scopes allow what a route asks for. `admin` allows all; each scope lets read in its own area, and so allows `any:read`. */
export function allows(scopes: readonly Scope[], needed: Scope | "any:read"): boolean {
  if (scopes.includes("admin")) return true;
  if (needed === "any:read") return scopes.length > 0;
  const area = needed.endsWith(":read") ? needed.slice(0, -"read".length) : undefined;
  return scopes.some((scope) => scope === needed || (area !== undefined && scope.startsWith(area)));
}
