import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { openApi } from "@omoios/app/api";
import { prepareStage } from "@omoios/app/stage";
import type { Places } from "@omoios/contracts/places";
import { functions } from "@omoios/contracts/topology";
import { handlerVariables, setVariables } from "@omoios/local/environment";
import { plantKeys } from "@omoios/local/keys";
import { placesOf, startServices } from "@omoios/local/services";
import { createClient } from "@omoios/sdk/client";
import { createApi } from "../../../functions/http/create-api.ts";
import { buildFunctions } from "../../../scripts/build.ts";
import { startAgent } from "../agents.ts";
import { type Figures, median, rounded } from "../figures.ts";
import { type Callers, firstEvent } from "../first-events.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const STARTS = 5;

/** Sizes of the built functions, and how long each takes from its import to its first answer in a fresh process. */
export async function measureBundles(): Promise<Figures> {
  const scratch = mkdtempSync(join(tmpdir(), "omoi-bench-"));
  const ends: (() => unknown)[] = [() => rmSync(scratch, { recursive: true, force: true })];
  try {
    const sizes = await buildFunctions({ root: ROOT, out_dir: join(scratch, "functions") });
    const services = await startServices({ data_dir: scratch }, (end) => ends.push(end));
    const keys = plantKeys(scratch);
    const wake = { url: "ws://127.0.0.1:9/wake", endpoint: "http://127.0.0.1:9/wake" };
    const places: Places = { ...placesOf(services, keys), mail_endpoint: "http://127.0.0.1:9", sockets: { wake } };
    ends.push(setVariables(handlerVariables(places, services.endpoints, "config")));
    await prepareStage(places, keys.operator_key);
    const callers: Callers = { operator_key: keys.operator_key, agent_token: await agentToken(keys.operator_key) };
    const cold: Record<string, number> = {};
    for (const { name } of functions) {
      const folder = join(scratch, "functions", name);
      cold[name] = await coldStartMs(folder, firstEvent(name, callers));
    }
    const kib = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, rounded(size, 1)]));
    return {
      "bundle.kib": { max: Math.max(...Object.values(kib)), by_function: kib },
      cold_start_ms: { max: Math.max(...Object.values(cold)), by_function: cold },
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Of an agent that is registered and started through the API as it stands in its source, in this process. */
async function agentToken(api_key: string): Promise<string> {
  const api = createApi(openApi(process.env));
  let bearer = "";
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    bearer = request.headers.get("authorization") ?? "";
    return api.fetch(request);
  };
  const url = "http://plane.invalid";
  await startAgent(url, createClient({ url, api_key, fetch }), ["PHASE_TESTING"], { fetch });
  return bearer.replace("Bearer ", "");
}

async function coldStartMs(folder: string, event: unknown): Promise<number> {
  const samples: number[] = [];
  const child = fileURLToPath(new URL("../cold-start.mjs", import.meta.url));
  const bundle = pathToFileURL(join(folder, "index.mjs")).href;
  for (let start = 0; start < STARTS; start++) {
    const args = [child, bundle, JSON.stringify(event)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    const { took_ms, answer } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as ColdStart;
    if (!isGood(answer)) throw new Error(`${folder} answered ${JSON.stringify(answer)}`);
    samples.push(took_ms);
  }
  return rounded(median(samples), 0);
}

interface ColdStart {
  took_ms: number;
  answer: { statusCode?: number; batchItemFailures?: unknown[] } | null;
}

function isGood(answer: ColdStart["answer"]): boolean {
  return (answer?.statusCode ?? 200) === 200 && (answer?.batchItemFailures ?? []).length === 0;
}
