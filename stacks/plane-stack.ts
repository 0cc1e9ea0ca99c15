import { type App, type Environment, Stack, Tags } from "aws-cdk-lib";
import type { Names } from "./names.ts";
import type { Settings } from "./settings.ts";

/** What every stack of a stage is made from, beside the topology. */
export interface Stage {
  names: Names;
  settings: Settings;
  /** The folder that holds a built folder of each function. */
  functions_dir: string;
  env: Environment;
}

/** A stack of the plane: its name and its tags tell the stage. */
export abstract class PlaneStack extends Stack {
  protected readonly stage: Stage;

  constructor(app: App, stage: Stage, name: string, purpose: string) {
    super(app, stage.names.stack(name), {
      env: stage.env,
      description: `OmoiOS, ${stage.names.stage}: ${purpose}`,
    });
    this.stage = stage;
    Tags.of(this).add("omoios:stage", stage.names.stage);
    Tags.of(this).add("omoios:part", name);
  }
}
