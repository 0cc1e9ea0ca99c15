import { makeApiKey } from "@omoios/adapters/keys/make-keys";
import { prepareStage } from "@omoios/app/stage";
import { namesOf } from "../stacks/names.ts";

/** Makes an operator's API key with every scope in the tables of a deployed stage, and gives the key, which is kept nowhere. */
export async function makeOperatorKey(stage: string): Promise<string> {
  const names = namesOf(stage);
  const operator_key = makeApiKey();
  await prepareStage({ tables: { state: names.table("state"), pulse: names.table("pulse") } }, operator_key);
  return operator_key;
}
