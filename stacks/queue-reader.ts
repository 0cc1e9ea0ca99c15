import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { QueueReaderRow } from "../packages/contracts/src/topology-types.ts";
import { queueArn } from "./arns.ts";
import { planeFunction } from "./plane-function.ts";
import type { Stage } from "./plane-stack.ts";
import { readQueue } from "./rights.ts";

/** A function that reads a queue and says which messages of a batch failed. */
export function queueReader(scope: Construct, stage: Stage, row: QueueReaderRow): void {
  const arn = queueArn(scope, stage.names.queue(row.queue));
  const target = planeFunction(scope, stage, row.function, [readQueue(arn)]);
  new EventSourceMapping(scope, `${row.function}-reads-${row.queue}`, {
    target,
    eventSourceArn: arn,
    batchSize: row.batch_size,
    reportBatchItemFailures: true,
  });
}
