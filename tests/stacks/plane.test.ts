import { App } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { makePlane } from "../../stacks/plane.ts";
import { root, temporaryFolder } from "./folders.ts";

const functions_dir = temporaryFolder();

describe("nothing is deployed when", () => {
  test("a protected stage is to be removed", () => {
    const app = new App({ analyticsReporting: false });
    expect(() => makePlane(app, { root, stage: "prod", functions_dir, removing: true })).toThrow(
      'The stage "prod" is protected: set its deletion_protection to false in config/stages.yaml',
    );
    expect(app.node.children).toEqual([]);
  });

  test("a function is not built", () => {
    const app = new App({ analyticsReporting: false });
    expect(() => makePlane(app, { root, stage: "dev", functions_dir })).toThrow("run `npm run build` first");
  });
});
