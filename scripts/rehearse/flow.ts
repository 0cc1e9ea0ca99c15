import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeApiKey } from "@omoios/adapters/keys/make-keys";
import { prepareStage } from "@omoios/app/stage";

/** A ticket to done through agents. It throws where the plane does not do as it should. */
type MainFlow = (at: { url: string; operator_key: string }) => Promise<void>;

/** Loads the flow that the tests run on one machine, before anything is deployed, so that a missing one is told at once. */
export async function loadMainFlow(root: string): Promise<MainFlow> {
  const file = join(root, "tests", "flows", "main-flow.ts");
  const { mainFlow } = await import(pathToFileURL(file).href);
  if (typeof mainFlow !== "function") throw new Error(`${file} exports no function "mainFlow".`);
  return mainFlow;
}

/** Gives a fresh stage its first operator, as `prepareStage` does on one machine, and runs the flow in its name. */
export async function runFlow(
  mainFlow: MainFlow,
  url: string,
  tables: { state: string; pulse: string },
): Promise<void> {
  const operator_key = makeApiKey();
  await prepareStage({ tables }, operator_key);
  await mainFlow({ url, operator_key });
}
