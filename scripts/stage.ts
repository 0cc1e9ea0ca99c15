/**
 * What a stage needs beside its stacks: `npm run stage -- secrets --stage dev` before the first deployment, and
 * `npm run stage -- operator --stage dev` after it. Credentials and region come from the environment, as for every AWS tool.
 */
import { parseArgs } from "node:util";
import { makeOperatorKey } from "./operator-key.ts";
import { ensureStageKeys } from "./stage-keys.ts";

const commands: Readonly<Record<string, (stage: string) => Promise<string>>> = {
  secrets: async (stage) => {
    const made = await ensureStageKeys(stage);
    return made.length > 0 ? `Made: ${made.join(", ")}.` : "The stage's keys are there; they stay.";
  },
  operator: async (stage) => `Keep this key, it is not shown again:\n${await makeOperatorKey(stage)}`,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { stage: { type: "string" } } });
const command = commands[positionals[0] ?? ""];
if (!command || !values.stage) {
  console.error(`Say what and for which stage: npm run stage -- ${Object.keys(commands).join("|")} --stage dev`);
  process.exit(2);
}
try {
  console.log(await command(values.stage));
} catch (error) {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exit(1);
}
