import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { WrongUse } from "./wrong-use.ts";

const stage = z.object({
  url: z.string(),
  api_key: z.string(),
  /** Where profiles are taken: of a plane on this machine alone. */
  profiles_url: z.string().optional(),
  /** Where its bus is told to bring events twice or late: of a plane on this machine alone. */
  faults_url: z.string().optional(),
  /** Where its configuration lies. */
  config_dir: z.string().optional(),
});

export type Plane = z.infer<typeof stage>;

const NOT_FOUND = "no plane found: start one with npm start, or set OMOI_URL and OMOI_API_KEY";

/** The plane by `OMOI_URL` and `OMOI_API_KEY`, else by `<data-dir>/stage.json` (`OMOI_DATA_DIR`, `.omoi` unless set). */
export async function findPlane(env: NodeJS.ProcessEnv): Promise<Plane> {
  const { OMOI_URL: url, OMOI_API_KEY: api_key, OMOI_DATA_DIR: dataDir = ".omoi" } = env;
  if (url) expectAddress(url, `OMOI_URL ${url}`);
  if (url && api_key) return { url, api_key };
  if (url || api_key) {
    throw new WrongUse(url ? "OMOI_URL is set, OMOI_API_KEY is not" : "OMOI_API_KEY is set, OMOI_URL is not");
  }
  return readStage(dataDir);
}

/** Where the key of the plane came from. */
export const keySource = ({ OMOI_API_KEY: api_key, OMOI_DATA_DIR: dataDir = ".omoi" }: NodeJS.ProcessEnv): string =>
  api_key ? "OMOI_API_KEY" : join(dataDir, "stage.json");

/** The plane at a url, with `OMOI_API_KEY`, or the key of the plane on this machine where that is it. */
export async function findPlaneAt(url: string, env: NodeJS.ProcessEnv): Promise<Plane> {
  expectAddress(url, url);
  const { origin } = new URL(url);
  const { OMOI_API_KEY: api_key, OMOI_DATA_DIR: dataDir = ".omoi" } = env;
  const here = await readStage(dataDir).catch((error: unknown) => {
    // None runs here: then the key must be given.
    if (error instanceof WrongUse) return undefined;
    throw error;
  });
  if (here !== undefined && new URL(here.url).origin === origin) return api_key ? { ...here, api_key } : here;
  if (api_key) return { url, api_key };
  throw new WrongUse(`there is no key for ${url}: set OMOI_API_KEY`);
}

function expectAddress(url: string, told: string): void {
  if (/^https?:/.test(url) && URL.canParse(url)) return;
  throw new WrongUse(`${told} is no address of a plane: http://127.0.0.1:4319`);
}

async function readStage(dataDir: string): Promise<Plane> {
  const path = join(dataDir, "stage.json");
  const parsed = stage.safeParse(parseJson(await readIfThere(path)));
  if (!parsed.success) throw new WrongUse(`${path} is no stage.json of a plane: remove it and run npm start again`);
  return parsed.data;
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new WrongUse(NOT_FOUND);
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
