import { jobs } from "@omoios/contracts/jobs";
import { each } from "../consume.ts";

export const handler = each(jobs.dispatch, ({ work }, message) => work.dispatch(message));
