import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A deployed stage as its preparation and the flow reach it; AWS clients find the account in their environment. */
export interface DeployedStage {
  stage: string;
  url: string;
  tables: { state: string; pulse: string };
}

/** What `tests/flows/` gives: the same flow runs against a deployed stage and on one machine. */
interface Flow {
  /** A value for the secret `token-keys`, put before the first deployment. */
  tokenKeys(): Promise<string>;
  /** Writes the first operator's API key into the stage's table, and gives the key. */
  prepareStage(stage: DeployedStage): Promise<{ operator_key: string }>;
  /** A ticket to done through agents. It throws where the plane does not do as it should. */
  mainFlow(at: { url: string; operator_key: string }): Promise<void>;
}

const FILES = {
  tokenKeys: "prepare-stage.ts",
  prepareStage: "prepare-stage.ts",
  mainFlow: "main-flow.ts",
} as const satisfies Record<keyof Flow, string>;

/** Loads the flow before anything is deployed, so that a missing part is told at once. */
export async function loadFlow(root: string): Promise<Flow> {
  const part = async <K extends keyof Flow>(name: K): Promise<Flow[K]> => {
    const file = join(root, "tests", "flows", FILES[name]);
    const module = await import(pathToFileURL(file).href);
    if (typeof module[name] !== "function") throw new Error(`${file} exports no function "${name}".`);
    return module[name];
  };
  return {
    tokenKeys: await part("tokenKeys"),
    prepareStage: await part("prepareStage"),
    mainFlow: await part("mainFlow"),
  };
}
