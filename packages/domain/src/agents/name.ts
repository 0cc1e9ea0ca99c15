import type { AgentType } from "@omoios/contracts/shapes/agent";

/** What an agent's name begins with, which is also its counter: type and phase, `multi` for several phases, `any` for none. */
export function namePrefix(type: AgentType, phase_ids: readonly string[]): string {
  const [first, second] = phase_ids;
  if (first === undefined) return `${type}-any`;
  if (second !== undefined) return `${type}-multi`;
  return `${type}-${first
    .replace(/^PHASE_/, "")
    .toLowerCase()
    .replaceAll("_", "-")}`;
}

/** The name with its number, three digits at least. */
export function agentName(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(3, "0")}`;
}
