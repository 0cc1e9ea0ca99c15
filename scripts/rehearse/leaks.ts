import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Names } from "../../stacks/names.ts";
import { logLines } from "./denials.ts";

/** Where a stage's secrets, or the `others` given, stand that must stand nowhere: in templates, or in a log. */
export async function leaks(names: Names, assembly: string, others: readonly string[]): Promise<string[]> {
  const secrets = [...(await stored(names)), ...others];
  const holds = (text: string) => secrets.some((secret) => text.includes(secret));
  const found = new Set<string>();
  for (const file of readdirSync(assembly).filter((name) => name.endsWith(".json"))) {
    if (holds(readFileSync(join(assembly, file), "utf8"))) found.add(`template ${file}`);
  }
  for (const prefix of [`/aws/lambda/${names.stage}-omoios-`, "/aws/vendedlogs/omoios/"]) {
    for await (const { group, message } of logLines(prefix)) if (holds(message)) found.add(`log ${group}`);
  }
  return [...found];
}

/** Every text within the stage's parameters that is long enough to be a secret. */
async function stored({ secrets }: Names): Promise<string[]> {
  const command = new GetParametersByPathCommand({ Path: secrets.slice(0, -1), Recursive: true, WithDecryption: true });
  const { Parameters = [] } = await new SSMClient({}).send(command);
  const found = Parameters.flatMap(({ Value = "" }) => Value.match(/[\w-]{32,}/g) ?? []);
  if (found.length === 0) throw new Error(`There is no secret under ${secrets}.`);
  return found;
}
