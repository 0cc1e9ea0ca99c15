import { namesOf } from "../../../../../stacks/names.ts";
import { askAws } from "../../ask-aws.ts";
import { command } from "../../command.ts";
import { readersOf } from "../../secret-readers.ts";
import { stageOption } from "../../stage-option.ts";
import { WrongUse } from "../../wrong-use.ts";
import { readSecret } from "./read-secret.ts";

const NAME = /^[a-z][a-z0-9_.-]{0,63}$/;
/** What a parameter of SSM's standard tier holds. */
const MOST_BYTES = 4096;

export const secretsSet = command<[name: string], { stage: string }>({
  usage: "set <name>",
  about: "keep a secret of a stage in SSM; its value comes from standard input or is asked for",
  options: (made) => stageOption(made),
  async run(cli, [name], { stage }) {
    if (!NAME.test(name)) {
      throw new WrongUse(
        `"${name}" cannot name a secret: use at most 64 lower-case letters, digits, and - _ . between them`,
      );
    }
    const path = `${namesOf(stage).secrets}${name}`;
    const value = await readSecret(`${path}: `);
    await judge(name, value);
    const { putSecret } = await import("@omoios/adapters/secrets/stage-secrets");
    const { ssmClient } = await import("@omoios/adapters/clients");
    const version = await askAws(stage, () => putSecret(ssmClient(), path, value));
    cli.show({ name, stage, path, version }, () => `${path} is kept, version ${version}\n`);
    if (readersOf(name).length === 0) cli.note(`no function of this version reads ${name}`);
  },
});

/** Refuses a value that could not be kept, or would stop the functions that read it. No message holds a part of it. */
async function judge(name: string, value: string): Promise<void> {
  if (value === "") throw new WrongUse("the value is empty: pipe it in, or type it when it is asked for");
  if (Buffer.byteLength(value) > MOST_BYTES) throw new WrongUse(`the value is longer than ${MOST_BYTES} bytes`);
  if (name !== "token-keys" && name !== "audit-keys") return;
  const { parseStageKeys } = await import("@omoios/adapters/keys/stage-key-list");
  try {
    parseStageKeys(value, "the value");
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}
