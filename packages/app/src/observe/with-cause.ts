import type { TimerMessage } from "@omoios/contracts/jobs";
import { currentScope } from "./scope.ts";

/** A message with what the current work is part of, unless it says so itself: what is done later belongs to what asked for it. */
export function withCause(message: TimerMessage): TimerMessage {
  const scope = currentScope();
  return scope === undefined || message.cause !== undefined ? message : { ...message, cause: { ...scope.context } };
}
