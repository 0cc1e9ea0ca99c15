import { jobs } from "@omoios/contracts/jobs";
import { each } from "../consume.ts";

export const handler = each({
  schema: jobs.dispatch,
  about: (message) => ({ name: "dispatch", about: message }),
  act: ({ work }, message) => work.dispatch(message),
});
