import { type App, Duration } from "aws-cdk-lib";
import { EventSourceMapping, FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { streamReaders } from "../packages/contracts/src/topology.ts";
import type { StreamReaderRow } from "../packages/contracts/src/topology-types.ts";
import { queueArn } from "./arns.ts";
import { planeFunction } from "./plane-function.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";
import { readStream, sendTo } from "./rights.ts";
import type { StorageStack } from "./storage.ts";

/** The readers of the tables' streams: the relay, which publishes, and the figures. */
export class StreamsStack extends PlaneStack {
  constructor(app: App, stage: Stage, storage: StorageStack) {
    super(app, stage, "streams", "readers of the tables' streams");
    for (const row of streamReaders) this.addReader(row, storage.streamArnOf(row.table));
  }

  private addReader(row: StreamReaderRow, streamArn: string): void {
    const givenUp = queueArn(this, this.stage.names.streamDeadLetters(row.function));
    const target = planeFunction(this, this.stage, row.function, [readStream(streamArn), sendTo(givenUp)]);
    new EventSourceMapping(this, `${row.function}-reads-${row.table}`, {
      target,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: row.filters.map((filter) => FilterCriteria.filter(filter)),
      batchSize: row.batch_size,
      maxBatchingWindow: Duration.seconds(row.window_seconds),
      parallelizationFactor: row.parallel,
      retryAttempts: row.retries,
      maxRecordAge: Duration.seconds(row.max_age_seconds),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      onFailure: { bind: () => ({ destination: givenUp }) },
    });
  }
}
