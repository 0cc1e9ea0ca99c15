import type { SendMessageBatchResult } from "@aws-sdk/client-sqs";
import { sizedPiecesOf } from "@omoios/kernel/pieces";
import type { AwsCaller } from "../aws-json.ts";

/** What SQS takes in a request: messages, and bytes of them. */
const BATCH = { items: 10, size: 1_000_000 };

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
  for (const batch of sizedPiecesOf(bodies, BATCH, (body) => Buffer.byteLength(body))) {
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
