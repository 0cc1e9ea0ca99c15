import { openPlane } from "@omoios/app/plane";
import { createApi } from "./create-api.ts";
import { lambdaHandler } from "./lambda.ts";

/** Everything that people and services ask for, `/openapi.json` and `/docs`. */
export const handler = lambdaHandler(createApi(openPlane(process.env).http));
