import type { RunnerEvent } from "@omoios/runner/runner-event";
import type { Cli } from "../../cli.ts";
import { oneLine } from "../../output/visible.ts";

/** Tells what a runner does, a line per event: for people with the time, for machines as JSON. */
export function followRun(cli: Cli): (event: RunnerEvent) => void {
  const { terminal } = cli;
  return ({ kind, task_id, text }) => {
    const at = new Date(terminal.now()).toISOString();
    if (cli.json) {
      terminal.out(`${JSON.stringify({ at, kind, task_id, text })}\n`);
      return;
    }
    const status = cli.paintStatus(kind) + " ".repeat(Math.max(0, 10 - kind.length));
    const line = [at.slice(11, 19), status, ...(task_id === undefined ? [] : [task_id]), oneLine(text)].join("  ");
    terminal.out(`${line}\n`);
  };
}
