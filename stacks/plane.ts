import type { App, Environment } from "aws-cdk-lib";
import { AlarmsStack } from "./alarms.ts";
import { ApiStack } from "./api.ts";
import { functionsDir } from "./built-functions.ts";
import { checkStage } from "./check-stage.ts";
import { ConsumersStack } from "./consumers.ts";
import { DashboardStack } from "./dashboard.ts";
import { EventsStack } from "./events.ts";
import { namesOf } from "./names.ts";
import type { Stage } from "./plane-stack.ts";
import { SchedulesStack } from "./schedules.ts";
import { SocketsStack } from "./sockets.ts";
import { StorageStack } from "./storage.ts";
import { StreamsStack } from "./streams.ts";
import { TimersStack } from "./timers.ts";

export interface PlaneOptions {
  /** The root of the repository, which holds `config/` and the built functions. */
  root: string;
  stage: string;
  /** Account and region; left out, the templates fit any. */
  env?: Environment;
  /** Whether the stacks are made in order to be removed. */
  removing?: boolean;
  /** The folder of the built functions, where it is not `.build/functions`. */
  functions_dir?: string;
}

/**
 * All stacks of a stage: what holds state first, then what acts on it, then what watches over it.
 * @throws before anything is touched, when a setting or the stage's name is wrong, a function is not built, or a protected stage
 * is to be removed
 */
export function makePlane(app: App, options: PlaneOptions): void {
  // A stream's ARN and the API's id go from stack to stack as exports; SST keeps an export for as long as somebody imports it.
  app.node.setContext("@aws-cdk/core:defaultCrossStackReferences", "strong");
  const stage: Stage = {
    names: namesOf(options.stage),
    settings: checkStage(options.stage, options.root),
    functions_dir: options.functions_dir ?? functionsDir(options.root),
    env: options.env ?? {},
  };
  if (options.removing && stage.settings.deletion_protection) {
    throw new Error(
      `The stage "${options.stage}" is protected: set its deletion_protection to false in config/stages.yaml and deploy that first.`,
    );
  }
  const storage = new StorageStack(app, stage);
  const events = new EventsStack(app, stage);
  const sockets = new SocketsStack(app, stage);
  const api = new ApiStack(app, stage);
  const acting = [
    sockets,
    api,
    new StreamsStack(app, stage, storage),
    new ConsumersStack(app, stage),
    new TimersStack(app, stage),
    new SchedulesStack(app, stage),
  ];
  // Functions know tables and queues by name, and a WebSocket API by the name of an export, which CloudFormation does not see.
  for (const stack of acting) {
    stack.addStackDependency(storage);
    stack.addStackDependency(events);
  }
  for (const stack of acting) if (stack !== sockets) stack.addStackDependency(sockets);
  const alarms = new AlarmsStack(app, stage, api);
  for (const stack of acting) alarms.addStackDependency(stack);
  new DashboardStack(app, stage, api);
}
