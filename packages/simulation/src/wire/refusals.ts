import type { Answer } from "./emulator.ts";

const refusal = (type: string, extra: object = {}): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "by the simulation", ...extra },
});

/** A service that is asked too much; the SDK repeats the request by itself. */
export const throttled = (): Answer => refusal("ThrottlingException");

/** Another's transaction holds an item: a whole transaction is cancelled, a single write refused. The SDK repeats neither. */
export function conflict(operation: string, input: object): Answer {
  if (operation !== "TransactWriteItems") return refusal("TransactionConflictException");
  const { TransactItems } = input as { TransactItems: unknown[] };
  const CancellationReasons = TransactItems.map((_, index) =>
    index === 0 ? { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" } : { Code: "None" },
  );
  return refusal("TransactionCanceledException", { CancellationReasons });
}

/** The connection broke before the answer came. The SDK repeats the request by itself. */
export function connectionLost(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}
