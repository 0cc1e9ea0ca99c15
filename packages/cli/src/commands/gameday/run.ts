import { Option } from "commander";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { textOf } from "../rules/files.ts";

interface Options {
  without?: "deduplication" | "watchdog" | "rules" | "faults";
  config: string;
}

export const gamedayRun = command<[files: readonly string[]], Options>({
  usage: "run <files...>",
  about: "break things in virtual time, against the plane's own code, and hold what follows against what was expected",
  options: (made) =>
    made
      .addOption(
        new Option(
          "--without <part>",
          "a plane without this part, to see that the game day notices; without faults, nobody may be told",
        ).choices(["deduplication", "watchdog", "rules", "faults"]),
      )
      .option("--config <dir>", "the plane's configuration", "config"),
  async run(cli, [files], { without, config }) {
    const { runGameDays } = await import("@omoios/simulation/gameday/run-files");
    const { reportText } = await import("@omoios/simulation/gameday/report-text");
    const { reports, faults } = await runGameDays({
      files: files.map((file) => ({ file, text: textOf(file) })),
      config,
      without,
      ended: (report) => {
        if (!cli.json) cli.terminal.out(reportText(report));
      },
    });
    if (faults.length > 0) {
      cli.show({ faults }, () => `${faults.join("\n")}\n`);
      return EXIT.wrong_use;
    }
    const passed = reports.filter((report) => report.passed).length;
    cli.show({ passed: passed === files.length, reports }, () => `${passed} of ${files.length} passed\n`);
    return passed === files.length ? EXIT.done : EXIT.no;
  },
});
