import { logger } from "@omoios/app/observe/logger";
import { observed, type Work } from "@omoios/app/observe/observed";
import { openPlane, type Plane } from "@omoios/app/plane";
import { type Envelope, type EventType, envelope, events, isEventType } from "@omoios/contracts/events";
import { isProblemCode, problems } from "@omoios/contracts/problems";
import { Problem } from "@omoios/kernel/problem";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod";
import { invocation } from "./invocation.ts";

/** What EventBridge puts into a queue. */
const busEvent = z.looseObject({ "detail-type": z.string(), detail: envelope });

export type QueueHandler = (event: SQSEvent, context?: Pick<Context, "functionName">) => Promise<SQSBatchResponse>;

/** What is done with one kind of message. */
export interface Job<T> {
  schema: z.ZodType<T>;
  /** What the log and the trace say of a message. */
  about(message: T): Pick<Work, "name" | "from" | "about" | "told">;
  act(plane: Plane, message: T): Promise<unknown>;
}

/** A queue's handler of one kind of message: each is parsed, worked on by itself, and reported by its id where it must come again. */
export function each<T>(job: Job<T>): QueueHandler {
  return ({ Records }, context) =>
    invocation(async () => {
      const failed = await Promise.all(Records.map((record) => attempt(record, job, context?.functionName)));
      return {
        batchItemFailures: failed.filter((id) => id !== undefined).map((itemIdentifier) => ({ itemIdentifier })),
      };
    });
}

type OnEvent = (plane: Plane, event: Envelope) => Promise<unknown>;

/** A consumer of events of the bus: which events move which verb. */
export const consume = (types: readonly EventType[], act: OnEvent): QueueHandler => each(eventJob(types, act));

/** What a consumer does with events of the bus. */
export function eventJob(types: readonly EventType[], act: OnEvent): Job<z.infer<typeof busEvent>> {
  return {
    schema: busEvent,
    about: ({ detail: { type, data, correlation_id, traceparent } }) => ({
      name: type,
      from: { correlation_id, traceparent: traceparent ?? undefined },
      about: data,
    }),
    act: async (plane, { detail }) => {
      if (!isEventType(detail.type) || !types.includes(detail.type)) return;
      await act(plane, { ...detail, data: events[detail.type].data().parse(detail.data) });
    },
  };
}

/** The id of a message that must come again. */
async function attempt<T>(record: SQSRecord, job: Job<T>, function_name?: string): Promise<string | undefined> {
  const { messageId: message_id } = record;
  try {
    const plane = openPlane(process.env);
    const message = job.schema.parse(JSON.parse(record.body));
    return await observed({ kind: "consumer", function_name, ...job.about(message) }, async (scope) => {
      try {
        await job.act(plane, message);
        return undefined;
      } catch (error) {
        scope.told.failed = true;
        return judge(error, message_id);
      }
    });
  } catch (error) {
    return judge(error, message_id);
  }
}

/** One that can never succeed is logged and acknowledged; what else failed comes again. */
function judge(error: unknown, message_id: string): string | undefined {
  if (error instanceof Problem && isProblemCode(error.code) && problems[error.code].retry === "never") {
    logger.warn("A message was refused for good", { code: error.code, detail: error.detail, message_id });
    return undefined;
  }
  logger.error("A message failed and comes again", { error: error as Error, message_id });
  return message_id;
}
