import { randomUUID } from "node:crypto";
import type { DynamoDBRecord } from "aws-lambda";
import { arrivedAt, type GivenUp, sequenceOf } from "./deliver.ts";

/** What Lambda sends to a mapping's failure destination: where the records stand in the stream, not the records themselves. */
export function failureNote(
  records: readonly DynamoDBRecord[],
  why: GivenUp,
  invocations: number,
  place: { function_arn: string; stream_arn: string; shard: string; now: number },
): string {
  const [first, last] = [records[0], records.at(-1)];
  const rfc3339 = (seconds: number) => new Date(seconds * 1000).toISOString();
  return JSON.stringify({
    requestContext: {
      requestId: randomUUID(),
      functionArn: place.function_arn,
      condition: why,
      approximateInvokeCount: invocations,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: new Date(place.now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: place.shard,
      startSequenceNumber: first ? sequenceOf(first) : "",
      endSequenceNumber: last ? sequenceOf(last) : "",
      approximateArrivalOfFirstRecord: rfc3339(arrivedAt(first)),
      approximateArrivalOfLastRecord: rfc3339(arrivedAt(last)),
      batchSize: records.length,
      streamArn: place.stream_arn,
    },
  });
}
