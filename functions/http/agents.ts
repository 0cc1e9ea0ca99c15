import { openApi } from "@omoios/app/api";
import { http } from "@omoios/contracts/doors";
import { routeRows } from "@omoios/contracts/routes";
import { BASE_PATH } from "@omoios/contracts/routes/route";
import { createApi } from "./create-api.ts";
import { lambdaHandler } from "./lambda.ts";

const sent = new Set(http.flatMap((door) => (door.function === "api-agents" ? [door.route] : [])));
const rows = routeRows.filter(([, { method, path }]) => sent.has(`${method} ${BASE_PATH}${path}`));

/** The agents' hot path: the routes that the gateway sends here, and no more, so that it starts sooner. */
export const handler = lambdaHandler(createApi(openApi(process.env), rows));
