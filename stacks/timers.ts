import type { App } from "aws-cdk-lib";
import { queueReaders } from "../packages/contracts/src/topology.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";
import { queueReader } from "./queue-reader.ts";

/** What does the work that is due: the reader of the queue of delayed messages. */
export class TimersStack extends PlaneStack {
  constructor(app: App, stage: Stage) {
    super(app, stage, "timers", "what is due");
    for (const row of queueReaders.filter((row) => row.queue === "timers")) queueReader(this, stage, row);
  }
}
