import { logger, openPlane, type Plane } from "@omoios/app/plane";
import { type Envelope, type EventType, envelope, events, isEventType } from "@omoios/contracts/events";
import { isProblemCode, problems } from "@omoios/contracts/problems";
import { Problem } from "@omoios/kernel/problem";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod";

/** What EventBridge puts into a queue. */
const busEvent = z.looseObject({ "detail-type": z.string(), detail: envelope });

export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** A queue's handler of one kind of message: each is parsed, worked on by itself, and reported by its id where it must come again. */
export function each<T>(schema: z.ZodType<T>, act: (plane: Plane, message: T) => Promise<unknown>): QueueHandler {
  return async ({ Records }) => {
    const failed = await Promise.all(Records.map((record) => attempt(record, schema, act)));
    return { batchItemFailures: failed.filter((id) => id !== undefined).map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** A consumer of events of the bus: which events move which verb. */
export function consume(
  types: readonly EventType[],
  act: (plane: Plane, event: Envelope) => Promise<unknown>,
): QueueHandler {
  return each(busEvent, async (plane, { detail }) => {
    if (!isEventType(detail.type) || !types.includes(detail.type)) return;
    await act(plane, { ...detail, data: events[detail.type].data.parse(detail.data) });
  });
}

/** The id of a message that must come again. One that can never succeed is logged and acknowledged. */
async function attempt<T>(
  record: SQSRecord,
  schema: z.ZodType<T>,
  act: (plane: Plane, message: T) => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await act(openPlane(process.env), schema.parse(JSON.parse(record.body)));
    return undefined;
  } catch (error) {
    if (error instanceof Problem && isProblemCode(error.code) && problems[error.code].retry === "never") {
      logger.warn("A message was refused for good", {
        code: error.code,
        detail: error.detail,
        message_id: record.messageId,
      });
      return undefined;
    }
    logger.error("A message failed and comes again", { error: error as Error, message_id: record.messageId });
    return record.messageId;
  }
}
