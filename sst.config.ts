import type { SSTConfig } from "sst";
import { makePlane } from "./stacks/plane.ts";

export default {
  config: () => ({ name: "omoios", region: process.env.AWS_REGION ?? "us-east-1" }),
  stacks(app) {
    makePlane(app, {
      root: process.cwd(),
      stage: app.stage,
      env: { account: app.account, region: app.region },
      removing: app.mode === "remove",
    });
  },
} satisfies SSTConfig;
