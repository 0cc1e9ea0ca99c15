import { logger } from "@omoios/app/observe/logger";
import { endInvocation } from "@omoios/app/observe/traces";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";

/** A stream reader: the whole batch is taken, or comes again from its first record, split in two by the mapping until the bad one is alone. */
export function takeBatch(take: (records: readonly DynamoDBRecord[]) => Promise<void>) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    try {
      await take(Records);
      return { batchItemFailures: [] };
    } catch (error) {
      logger.error("A batch of the stream failed and comes again", { error: error as Error, records: Records.length });
      return { batchItemFailures: [{ itemIdentifier: Records[0]?.dynamodb?.SequenceNumber ?? "" }] };
    } finally {
      await endInvocation();
    }
  };
}
