import { randomBytes } from "node:crypto";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { toWebhooks } from "../../wire/receivers.ts";
import { configurationOf, type GameDayText, namesOf, readAll } from "../read-files.ts";

interface Preparation {
  file: GameDayText;
  /** The folder of the configuration to begin with. */
  config: string;
  /** The folder that is made. */
  out: string;
  /** Of this machine: where the run will listen. */
  port: number;
}

/**
 * Makes a configuration of a plane on this machine that tells as a game day has it: its routing, with each receiver as a webhook to the
 * run. Answers what is wrong with the files; then nothing is made.
 */
export function prepareConfig({ file, config, out, port }: Preparation): string[] {
  if (existsSync(out)) return [`${out}: is there already; name a folder that is not`];
  const { configuration, faults } = configurationOf(config);
  if (configuration === undefined) return faults;
  const read = readAll([file], namesOf(configuration));
  const [day] = read.days;
  if (day === undefined) return read.faults;
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const routing = toWebhooks(day.routing, (name) => ({ url: `http://127.0.0.1:${port}/${name}`, secret }));
  cpSync(config, out, { recursive: true });
  writeFileSync(join(out, "alert_routing.yaml"), `${JSON.stringify(routing, null, 2)}\n`);
  allowOwnAddresses(join(out, "stages.yaml"));
  return [];
}

/** The run listens on this machine, which a stage must allow. */
function allowOwnAddresses(file: string): void {
  if (!existsSync(file)) return;
  const stages = parseDocument(readFileSync(file, "utf8"));
  stages.setIn(["stages", "local", "allow_private_webhooks"], true);
  writeFileSync(file, String(stages));
}
