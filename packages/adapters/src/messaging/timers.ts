import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { MAX_DELAY_SECONDS, queueOf, TIMER_QUEUES, type TimerMessage, type TimerQueue } from "@omoios/contracts/jobs";
import { inTurn } from "@omoios/domain/in-turn";
import type { Timers } from "@omoios/domain/store";
import type { Instant } from "@omoios/kernel/clock";
import { piecesOf } from "@omoios/kernel/pieces";

/** SQS takes so many messages in a batch. */
const BATCH = 10;

/**
 * Delayed messages over SQS. What is due later than SQS can wait is left to the sweep.
 * @param urlOf asked only for queues that get a message
 */
export function timersOn(sqs: SQSClient, urlOf: (queue: TimerQueue) => string): Timers {
  return {
    async set(messages, now) {
      const soon = messages.filter(({ due_at }) => due_at - now <= MAX_DELAY_SECONDS * 1000);
      const batches = TIMER_QUEUES.flatMap((queue) => {
        const its = soon.filter((message) => queueOf(message) === queue);
        return piecesOf(its, BATCH).map((messages) => ({ url: urlOf(queue), messages }));
      });
      await inTurn(batches, ({ url, messages }) => send(sqs, url, messages, now));
    },
  };
}

async function send(sqs: SQSClient, QueueUrl: string, messages: TimerMessage[], now: Instant): Promise<void> {
  const { Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: messages.map((message, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(message),
        DelaySeconds: Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((message.due_at - now) / 1000))),
      })),
    }),
  );
  if (Failed.length > 0)
    throw new Error(`${Failed.length} timers were not taken: ${Failed[0]?.Code} ${Failed[0]?.Message ?? ""}`);
}
