import type { App } from "aws-cdk-lib";
import { queueReaders } from "../packages/contracts/src/topology.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";
import { queueReader } from "./queue-reader.ts";

/** The functions behind the queues that rules fill: each consumer of events, and the dispatcher. */
export class ConsumersStack extends PlaneStack {
  constructor(app: App, stage: Stage) {
    super(app, stage, "consumers", "functions that act on events");
    for (const row of queueReaders.filter((row) => row.queue !== "timers")) queueReader(this, stage, row);
  }
}
