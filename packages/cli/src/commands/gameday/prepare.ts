import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { wholeNumber } from "../../parse-option.ts";
import { textOf } from "../../text-of.ts";

interface Options {
  out: string;
  config: string;
  port: number;
}

export const gamedayPrepare = command<[file: string], Options>({
  usage: "prepare <file>",
  about:
    "make a configuration for a plane on this machine that tells as a game day has it, with the run as every receiver",
  options: (made) =>
    made
      .requiredOption("--out <dir>", "the folder that is made: npm start -- --config DIR")
      .option("--config <dir>", "the configuration to begin with", "config")
      .option("--port <number>", "where the run will listen on this machine", wholeNumber, 4329),
  async run(cli, [file], { out, config, port }) {
    const { prepareConfig } = await import("@omoios/simulation/gameday/stage/prepare-config");
    const faults = prepareConfig({ file: { file, text: textOf(file) }, config, out, port });
    if (faults.length > 0) {
      cli.show({ faults }, () => `${faults.join("\n")}\n`);
      return EXIT.wrong_use;
    }
    cli.show(
      { config: out },
      () => `npm start -- --config ${out}\nnpx omoi gameday run ${file} --url http://127.0.0.1:4319\n`,
    );
    return EXIT.done;
  },
});
