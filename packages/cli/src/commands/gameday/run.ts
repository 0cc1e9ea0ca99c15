import type { Report } from "@omoios/simulation/gameday/report";
import { Option } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { WrongUse } from "../../wrong-use.ts";
import { textOf } from "../rules/files.ts";

interface Options {
  without?: "deduplication" | "detector" | "watchdog" | "rules" | "faults";
  config?: string;
  url?: string;
}

const SHIPPED_CONFIG = "config";

export const gamedayRun = command<[files: readonly string[]], Options>({
  usage: "run <files...>",
  about:
    "break things, and hold what follows against what was expected: in virtual time against the plane's own code, or with --url in real time on a stage that runs",
  options: (made) =>
    made
      .option("--url <url>", "on this stage, with OMOI_API_KEY or the key of the plane on this machine")
      .addOption(
        new Option(
          "--without <part>",
          "a plane without this part, to see that the game day notices; without faults, nobody may be told",
        ).choices(["deduplication", "detector", "watchdog", "rules", "faults"]),
      )
      .option("--config <dir>", `the plane's configuration; ${SHIPPED_CONFIG}, or that of the plane on this machine`),
  async run(cli, [files], options) {
    const read = files.map((file) => ({ file, text: textOf(file) }));
    const { reportText } = await import("@omoios/simulation/gameday/report-text");
    const ended = (report: Report) => {
      if (!cli.json) cli.terminal.out(reportText(report));
    };
    const run = { files: read, ended };
    const { reports, faults } = await (options.url === undefined
      ? virtually(run, options)
      : onStage(cli, run, options.url, options));
    if (faults.length > 0) {
      cli.show({ faults }, () => `${faults.join("\n")}\n`);
      return EXIT.wrong_use;
    }
    const passed = reports.filter((report) => report.passed).length;
    cli.show({ passed: passed === files.length, reports }, () => `${passed} of ${files.length} passed\n`);
    return passed === files.length ? EXIT.done : EXIT.no;
  },
});

interface Run {
  files: { file: string; text: string }[];
  ended(report: Report): void;
}

async function virtually(run: Run, { config = SHIPPED_CONFIG, without }: Options) {
  const { runVirtually } = await import("@omoios/simulation/gameday/virtual/run-virtually");
  return runVirtually({ ...run, config, without });
}

async function onStage(cli: Cli, run: Run, url: string, { config, without }: Options) {
  if (without !== undefined && without !== "faults") {
    throw new WrongUse(
      `--without ${without} builds another plane, in virtual time: of a stage, switch it off where it is started (OMOI_WATCHDOG__WORKER_RESTART__ENABLED=false npm start)`,
    );
  }
  const { runOnStage } = await import("@omoios/simulation/gameday/stage/run-on-stage");
  const stage = await cli.planeAt(url);
  const stop = new AbortController();
  const breakOff = () => {
    cli.note("\nbroken off: what the run made is being removed");
    stop.abort();
  };
  // A second Ctrl-C ends the process at once.
  for (const signal of SIGNALS) process.once(signal, breakOff);
  try {
    const { config_dir = SHIPPED_CONFIG } = stage;
    return await runOnStage({ ...run, stage, config: config ?? config_dir, without, signal: stop.signal });
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, breakOff);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
