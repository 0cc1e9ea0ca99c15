import { jobs } from "@omoios/contracts/jobs";
import { each } from "../consume.ts";

export const handler = each(jobs.timers, ({ work }, message) => work.isDue(message));
