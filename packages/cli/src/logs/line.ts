import type { Cli } from "../cli.ts";
import { oneLine } from "../output/visible.ts";

/** A line of the functions' log, as they write it. */
export interface LogLine extends Record<string, unknown> {
  timestamp: string;
  level: string;
  message: string;
}

/** What lines are asked for by: each that is given must hold. */
export interface Wanted {
  ticket_id?: string | undefined;
  task_id?: string | undefined;
  agent_id?: string | undefined;
  alert_id?: string | undefined;
  trace_id?: string | undefined;
  /** From then on, in ms since 1970. */
  since?: number | undefined;
}

/** Reads a line; nothing where it is no line of the log, such as a warning of Node's own. */
export function readLine(text: string): LogLine | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const line = JSON.parse(text) as Partial<LogLine>;
    const whole = typeof line.timestamp === "string" && typeof line.level === "string";
    return whole && typeof line.message === "string" ? (line as LogLine) : undefined;
  } catch {
    // A crash can leave half a line.
    return undefined;
  }
}

export function isWanted(line: LogLine, { since = 0, ...ids }: Wanted): boolean {
  if (Date.parse(line.timestamp) < since) return false;
  return Object.entries(ids).every(([name, id]) => id === undefined || concerns(line, name, id));
}

/** A line that concerns several names them as a list. */
function concerns(line: LogLine, name: string, id: string): boolean {
  const several = line[`${name}s`];
  return line[name] === id || (Array.isArray(several) && several.includes(id));
}

const SHOWN = new Set(["timestamp", "level", "message", "service", "function_name", "span_id", "error", "stack"]);

/** A line for people: when, how bad, where, what, and whom it concerns; a fault with its stack beneath. */
export function lineText(cli: Cli, line: LogLine): string {
  const rest = Object.entries(line).filter(([name, value]) => !SHOWN.has(name) && value !== null);
  const shown = rest.map(
    ([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : oneLine(String(value))}`,
  );
  const at = line.timestamp.slice(0, 23).replace("T", " ");
  const level = cli.paintStatus(line.level) + " ".repeat(Math.max(0, 5 - line.level.length));
  const head = [
    at,
    level,
    String(line.function_name ?? line.part ?? line.service ?? ""),
    oneLine(line.message),
    ...shown,
  ];
  const stack = stackOf(line);
  return `${head.join("  ")}\n${stack === undefined ? "" : `${stack.replace(/^/gm, "    ")}\n`}`;
}

function stackOf({ error, stack }: LogLine): string | undefined {
  const of = typeof error === "object" && error !== null && "stack" in error ? error.stack : stack;
  return typeof of === "string" ? of : undefined;
}
