import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { command } from "../../command.ts";
import { WrongUse } from "../../wrong-use.ts";

interface Options {
  in: string;
  out: string;
}

export const detectorScore = command<[], Options>({
  usage: "score",
  about: "score each point of a series by those before it, as the monitor would",
  options: (command: Command) =>
    command
      .requiredOption("--in <csv>", "the series: timestamp,value and a row for each point")
      .requiredOption("--out <file>", "where the scores go: one a row, in bits; higher is stranger"),
  async run(cli, _, { in: from, out: to }) {
    const { readSeries } = await import("../../detector/read-series.ts");
    const { step } = await import("@omoios/domain/monitor/detector");
    const { newState } = await import("@omoios/domain/monitor/state");
    const rows = await readSeries(from);
    const state = newState();
    const readings = rows.map(({ value, at }) => step(state, value, at));
    const text = readings.map(({ score }) => `${score}\n`).join("");
    await writeFile(to, text).catch((error: NodeJS.ErrnoException) => {
      throw new WrongUse(`${to} cannot be written: ${error.message}`);
    });
    const anomalies = readings.flatMap(({ score, anomaly }, index) =>
      anomaly === undefined ? [] : [{ line: index + 2, score, ...anomaly }],
    );
    cli.show({ points: rows.length, out: to, anomalies }, () => {
      const found = cli.table(
        anomalies,
        [
          { head: "LINE", value: ({ line }) => String(line), right: true },
          { head: "SCORE", value: ({ score }) => score.toFixed(1), right: true },
          { head: "SEVERITY", value: ({ severity }) => severity },
          { head: "KIND", value: ({ kind }) => kind },
          { head: "BASELINE", value: ({ baseline }) => String(Number(baseline.toPrecision(4))), right: true },
          { head: "OBSERVED", value: ({ observed }) => String(Number(observed.toPrecision(4))), right: true },
        ],
        "no anomaly",
      );
      return `${rows.length} scores are in ${to}\n${found}`;
    });
  },
});
