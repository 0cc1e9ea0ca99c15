import { SSMClient } from "@aws-sdk/client-ssm";
import type { SSTConfig } from "sst";
import { VisibleError } from "sst/error.js";
import { checkBuilt, functionsDir } from "./stacks/built-functions.ts";
import { checkStage } from "./stacks/check-stage.ts";
import { makePlane } from "./stacks/plane.ts";

export default {
  // SST calls this before it asks AWS for anything. What comes after, bootstraps the account before it looks at the stacks.
  async config({ stage, profile, region: given }) {
    if (!stage) throw new VisibleError("Name the stage: --stage dev");
    tell(() => checkStage(stage, process.cwd()));
    tell(() => checkBuilt(functionsDir(process.cwd())));
    const aws = new SSMClient({ ...(profile ? { profile } : {}), ...(given ? { region: given } : {}) }).config;
    const region = await aws.region().catch((cause: Error) => {
      throw new VisibleError(cause.message, "Set AWS_REGION, or the region of the profile, or pass --region.");
    });
    await aws.credentials().catch((cause: Error) => {
      throw new VisibleError(
        `There are no credentials for AWS: ${cause.message}`,
        "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --profile.",
      );
    });
    return { name: "omoios", region };
  },
  stacks(app) {
    const { stage, account, region, mode } = app;
    tell(() => makePlane(app, { root: process.cwd(), stage, env: { account, region }, removing: mode === "remove" }));
  },
} satisfies SSTConfig;

/** SST shows a VisibleError as its message alone, and any other with its stack. */
function tell(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    throw error instanceof Error ? new VisibleError(error.message) : error;
  }
}
