import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { codeOf } from "./processes.ts";
import { StartError } from "./start-error.ts";

export interface Settings {
  port: number;
  /** Absolute, as is the next. */
  data_dir: string;
  config_dir: string;
}

export const USAGE = "Usage: npm start -- [--port 4319] [--data-dir .omoi] [--config config]";

/** Reads the command's arguments. @throws StartError for one that cannot be used. */
export function readSettings(args: string[]): Settings {
  const options = {
    port: { type: "string", default: "4319" },
    "data-dir": { type: "string", default: ".omoi" },
    config: { type: "string", default: "config" },
  } as const;
  const { values } = parse(() => parseArgs({ args, options }));
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65_535)) throw new StartError(`--port ${values.port} is no port: give a number from 0 to 65535.`);
  const config_dir = resolve(values.config);
  if (!existsSync(config_dir)) {
    throw new StartError(
      `There is no directory ${config_dir}: start in the project's folder, or name it with --config DIR.`,
    );
  }
  return { port, data_dir: resolve(values["data-dir"]), config_dir };
}

function parse<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!codeOf(error)?.startsWith("ERR_PARSE_ARGS")) throw error;
    const [reason] = (error instanceof Error ? error.message : "").split(". ");
    throw new StartError(`${reason}. ${USAGE}`);
  }
}
