import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A ticket to done through agents. It throws where the plane does not do as it should. */
type MainFlow = (at: { url: string; operator_key: string }) => Promise<void>;

/** Loads the flow that the tests run on one machine, before anything is deployed, so that a missing one is told at once. */
export async function loadMainFlow(root: string): Promise<MainFlow> {
  const file = join(root, "tests", "flows", "main-flow.ts");
  const { mainFlow } = await import(pathToFileURL(file).href);
  if (typeof mainFlow !== "function") throw new Error(`${file} exports no function "mainFlow".`);
  return mainFlow;
}
