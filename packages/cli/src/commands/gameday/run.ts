import type { Report } from "@omoios/simulation/gameday/report";
import { Option } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import type { Plane } from "../../find-plane.ts";
import { textOf } from "../../text-of.ts";
import { WrongUse } from "../../wrong-use.ts";

interface Options {
  without?: "deduplication" | "detector" | "watchdog" | "rules" | "faults";
  config?: string;
  stage?: string;
  url?: string;
}

const SHIPPED_CONFIG = "config";

export const gamedayRun = command<[files: readonly string[]], Options>({
  usage: "run <files...>",
  about:
    "break things, and hold what follows against what was expected: in virtual time against the plane's own code, or with --stage in real time on a stage that runs",
  options: (made) =>
    made
      .option(
        "--stage <stage>",
        "on the stage of this name that OMOI_URL or the plane on this machine is (local), or at this address",
      )
      .addOption(
        new Option(
          "--url <url>",
          "at this address, with OMOI_API_KEY or the key of the plane on this machine",
        ).conflicts("stage"),
      )
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
    const { stage, url } = options;
    const { reports, faults } = await (stage === undefined && url === undefined
      ? virtually(run, options)
      : onStage(cli, run, () => (url === undefined ? planeOf(cli, stage ?? "") : cli.planeAt(url)), options));
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

/** The plane at an address, or the one that the command line finds, where that is the stage of this name. */
async function planeOf(cli: Cli, stage: string): Promise<Plane> {
  if (/^https?:/.test(stage)) return cli.planeAt(stage);
  const [plane, client] = await Promise.all([cli.plane(), cli.client()]);
  const { stage: found } = await client.health();
  if (found === stage) return plane;
  throw new WrongUse(`the plane at ${plane.url} is the stage ${found}, not ${stage}: set OMOI_URL and OMOI_API_KEY`);
}

async function onStage(cli: Cli, run: Run, plane: () => Promise<Plane>, { config, without }: Options) {
  if (without !== undefined && without !== "faults") {
    throw new WrongUse(
      `--without ${without} builds another plane, in virtual time: of a stage, switch it off where it is started (OMOI_WATCHDOG__WORKER_RESTART__ENABLED=false npm start)`,
    );
  }
  const { runOnStage } = await import("@omoios/simulation/gameday/stage/run-on-stage");
  const stage = await plane();
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
