import { openPlane } from "@omoios/app/plane";
import { createApi } from "./create-api.ts";
import { lambdaHandler } from "./lambda.ts";

/** The agents' hot path. Which requests come here is a matter of the gateway's routes; the API behind it is the same. */
export const handler = lambdaHandler(createApi(openPlane(process.env).http));
