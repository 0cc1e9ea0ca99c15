import { type Envelope, envelope, events, isEventType } from "@omoios/contracts/events";
import { type Cause, jobs } from "@omoios/contracts/jobs";
import { isProblemCode, problems } from "@omoios/contracts/problems";
import { queueReaders } from "@omoios/contracts/topology";
import type { FunctionName } from "@omoios/contracts/topology-types";
import { Problem } from "@omoios/kernel/problem";
import type { QueueName, Receive } from "../wire/messages.ts";
import type { Fleet } from "./fleet.ts";
import type { Instance } from "./instances.ts";

/** Errors of the plane that no fault of the world explains. */
export type Report = (what: string, error: unknown) => void;

/** What is behind each queue, and which messages come again: as the functions' own handlers have it. */
export function receiverOn(fleet: () => Fleet, report: Report): Receive {
  return async (queue, message) => {
    const ending = await fleet().invoke(functionOf(queue), (instance) =>
      instance.inScope(queue, causeOf(message), () => handle(instance, queue, message)),
    );
    if (ending.ended !== "threw") return ending.ended === "returned";
    const { error } = ending;
    if (error instanceof Problem && isProblemCode(error.code)) return problems[error.code].retry === "never";
    // What the wire refused comes again with the message.
    if (!isOfTheWire(error)) report(queue, error);
    return false;
  };
}

function functionOf(queue: QueueName): FunctionName {
  const reader = queueReaders.find((row) => row.queue === queue);
  if (reader === undefined) throw new Error(`No function reads ${queue}`);
  return reader.function;
}

/** What a message says of what it is part of: an event's own, or the cause of what is due. */
function causeOf(message: unknown): Cause | undefined {
  const { detail, cause } = message as { detail?: Envelope; cause?: Cause };
  if (detail === undefined) return cause;
  const { correlation_id, traceparent } = detail;
  return { correlation_id, ...(traceparent === null ? {} : { traceparent }) };
}

async function handle({ work, alerts }: Instance, queue: QueueName, message: unknown): Promise<void> {
  switch (queue) {
    case "timers":
    case "deliver":
      return work.isDue(jobs.timers.parse(message));
    case "dispatch":
      return work.dispatch(jobs.dispatch.parse(message));
    case "settle-task":
      return work.settleTask(eventOf(message));
    case "advance-ticket":
      return work.advanceTicket(eventOf(message));
    case "enter-phase":
      return work.enterPhase(eventOf(message));
    case "intervene":
      return work.intervene(eventOf(message));
    // Without alerting its events only find their way.
    case "alert-on-event":
      return alerts ? work.alertOn(eventOf(message)) : void eventOf(message);
    case "watchdog":
      return work.remedy(eventOf(message));
    default:
      throw new Error(`No function reads ${queue}`);
  }
}

function eventOf(message: unknown): Envelope {
  const detail = envelope.parse((message as { detail: unknown }).detail);
  if (!isEventType(detail.type)) throw new Error(`No such event: ${detail.type}`);
  return { ...detail, data: events[detail.type].data().parse(detail.data) };
}

const WIRE_ERRORS = new Set([
  "ThrottlingException",
  "TransactionConflictException",
  "TransactionCanceledException",
  "ECONNRESET",
]);

/** Whether an error is one that the wire made, or several that it made: then it is the plane's right to fail, and to be asked again. */
export function isOfTheWire(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isOfTheWire);
  const { name, code } = error as { name?: string; code?: string };
  return WIRE_ERRORS.has(name ?? "") || WIRE_ERRORS.has(code ?? "");
}
