import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Places } from "@omoios/contracts/places";
import { functions } from "@omoios/contracts/topology";
import { handlerVariables, setVariables } from "@omoios/local/environment";
import { startGateway } from "@omoios/local/gateway/gateway";
import { type Handler, localFunction } from "@omoios/local/invoke";
import { ACCOUNT, REGION } from "@omoios/local/services";
import { countRequests, REQUESTS } from "./request-count.ts";

/** Sent by whoever forks this. */
export interface ApiPlaces {
  places: Places;
  endpoint: string;
  config_dir: string;
  /** The folder of the built function. */
  built: string;
}

const requests = countRequests();
process.on("message", (message) => {
  if (message === REQUESTS) process.send?.(requests.made());
});

// The API alone, in a process of its own as in Lambda: no stream reader and no consumer runs beside it.
process.once("message", async ({ places, endpoint, config_dir, built }: ApiPlaces) => {
  const nowhere = "http://127.0.0.1:9";
  setVariables(handlerVariables(places, { dynamodb: endpoint, sqs: nowhere, events: nowhere }, config_dir));
  const { handler } = (await import(pathToFileURL(join(built, "index.mjs")).href)) as { handler: Handler };
  const [row] = functions;
  if (row === undefined) throw new Error("The topology has no function");
  const target = localFunction(row, handler, { region: REGION, account: ACCOUNT, settled: () => undefined });
  const reportError = (error: unknown) => process.stderr.write(`${String(error)}\n`);
  const routes = [{ route: "$default", target }];
  const { url } = await startGateway({ port: 0, account: ACCOUNT, routes, reportError });
  process.send?.(url);
});
