import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { isWanted, lineText, readLine, type Wanted } from "../logs/line.ts";
import { linesOf } from "../logs/read-files.ts";
import { stageLines } from "../logs/read-stage.ts";
import { span } from "../parse-option.ts";
import { stageName } from "../stage-option.ts";
import { WrongUse } from "../wrong-use.ts";

interface Options {
  ticket?: string;
  task?: string;
  agent?: string;
  alert?: string;
  trace?: string;
  since?: number;
  follow?: boolean;
  stage?: string;
}

export const logs = command<[], Options>({
  usage: "logs",
  about: "read the functions' log: on this machine its files, of a deployed stage by Logs Insights",
  options: (made) =>
    concernOptions(made)
      .option(
        "--since <duration>",
        "no older than 10m, 2h or 1d; all on this machine, 1h of a stage unless given",
        span,
      )
      .option("--follow", "go on with what comes, until Ctrl-C")
      .option("--stage <name>", "of a deployed stage, with the AWS credentials of this shell", stageName),
  async run(cli, _, options) {
    const { ticket, task, agent, alert, trace, since, follow = false, stage } = options;
    const wanted: Wanted = {
      ticket_id: ticket,
      task_id: task,
      agent_id: agent,
      alert_id: alert,
      trace_id: traceIdOf(trace),
      since: since === undefined ? undefined : cli.terminal.now() - since,
    };
    const lines =
      stage === undefined
        ? linesOf(logFile(cli), follow)
        : stageLines(stage, wanted, {
            follow,
            now: cli.terminal.now,
            note: (text) => cli.terminal.err(`omoi: ${text}\n`),
          });
    let shown = 0;
    for await (const text of lines) {
      const line = readLine(text);
      if (line !== undefined && isWanted(line, wanted)) {
        shown += 1;
        cli.terminal.out(cli.json ? `${JSON.stringify(line)}\n` : lineText(cli, line));
      }
    }
    if (shown === 0) cli.note("no lines");
  },
});

const concernOptions = (made: Command): Command =>
  made
    .option("--ticket <ticket_id>", "lines that concern it")
    .option("--task <task_id>", "lines that concern it")
    .option("--agent <agent_id>", "lines that concern it")
    .option("--alert <alert_id>", "lines that concern it")
    .option("--trace <trace_id>", "lines of one trace: its id, or a whole traceparent");

/** The trace id within a `traceparent`, or what was given. */
const traceIdOf = (given: string | undefined): string | undefined =>
  given === undefined ? undefined : (/^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(given)?.[1] ?? given);

function logFile({ terminal }: Cli): string {
  const { OMOI_DATA_DIR: dataDir = ".omoi" } = terminal.env;
  const path = join(dataDir, "logs", "plane.log");
  if (!existsSync(path))
    throw new WrongUse(`there is no ${path}: start a plane with npm start, or name one by --stage`);
  return path;
}
