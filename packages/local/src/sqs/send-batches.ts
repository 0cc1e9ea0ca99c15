import type { SendMessageBatchResult } from "@aws-sdk/client-sqs";
import type { AwsCaller } from "../aws-json.ts";

const MESSAGES_AT_MOST = 10;
const BYTES_AT_MOST = 1_000_000;

/**
 * Sends bodies to a queue in as few batches as SQS allows. @throws where one was not taken.
 * @param delay_seconds until they can be received
 */
export async function sendBatches(
  call: AwsCaller,
  queueUrl: string,
  bodies: readonly string[],
  delay_seconds = 0,
): Promise<void> {
  for (const batch of batches(bodies)) {
    const Entries = batch.map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
      DelaySeconds: delay_seconds,
    }));
    const { Failed } = await call<SendMessageBatchResult>("SendMessageBatch", { QueueUrl: queueUrl, Entries });
    const [first] = Failed ?? [];
    if (first) throw new Error(`${queueUrl} refused a message: ${first.Code} ${first.Message ?? ""}`);
  }
}

function* batches(bodies: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    if (batch.length === MESSAGES_AT_MOST || (batch.length > 0 && bytes + size > BYTES_AT_MOST)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(body);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
