import { openApi } from "@omoios/app/api";
import { createApi } from "./create-api.ts";
import { lambdaHandler } from "./lambda.ts";

/** Everything that people and services ask for, `/openapi.json` and `/docs`. */
export const handler = lambdaHandler(createApi(openApi(process.env)));
