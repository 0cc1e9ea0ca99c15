import type { Envelope } from "@omoios/contracts/events";
import { clockTime } from "../output/times.ts";
import { oneLine } from "../output/visible.ts";

/** Members that stand in the line already, or say nothing to a reader. */
const SHOWN: ReadonlySet<string> = new Set(["task_id", "ticket_id", "agent_id", "key_id", "version"]);

/** One event in one line: time, type, what it is about, who did it, and what else it carries. */
export function eventLine({ time, type, subject, actor, data }: Envelope): string {
  const rest = Object.entries(data)
    .filter(([name, value]) => !SHOWN.has(name) && value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : oneLine(String(value))}`);
  return [clockTime(time), type.padEnd(24), subject.id, `by ${actor.id}`, ...rest].join("  ");
}
