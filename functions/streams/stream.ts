import { logger } from "@omoios/app/observe/logger";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { invocation } from "../invocation.ts";

/** A stream reader: the whole batch is taken, or comes again from its first record, split in two by the mapping until the bad one is alone. */
export function takeBatch(take: (records: readonly DynamoDBRecord[]) => Promise<void>) {
  return ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
    invocation(async () => {
      try {
        await take(Records);
        return { batchItemFailures: [] };
      } catch (error) {
        const failed = { error: error as Error, records: Records.length };
        logger.error("A batch of the stream failed and comes again", failed);
        return { batchItemFailures: [{ itemIdentifier: Records[0]?.dynamodb?.SequenceNumber ?? "" }] };
      }
    });
}
