/** What DynamoDB's refusals mean to a writer. */
export type Refusal = "condition" | "conflict" | "throttled" | "other";

/** Whether a single write was refused by its own condition. */
export const isRefusedCondition = (error: unknown): boolean => refusalOf(error) === "condition";

interface AwsError {
  name?: string;
  CancellationReasons?: { Code?: string }[];
}

/** Thrown once the SDK's own tries are used up. */
const THROTTLED = new Set(["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]);

/** Reads a refusal of a write. In a transaction a failed condition counts before a conflict: trying again could not help. */
export function refusalOf(error: unknown): Refusal {
  const { name, CancellationReasons: reasons = [] } = error as AwsError;
  if (name === "ConditionalCheckFailedException") return "condition";
  if (name === "TransactionConflictException" || name === "TransactionInProgressException") return "conflict";
  if (name !== undefined && THROTTLED.has(name)) return "throttled";
  if (name !== "TransactionCanceledException") return "other";
  const codes = new Set(reasons.map((reason) => reason.Code));
  if (codes.has("ConditionalCheckFailed")) return "condition";
  if (codes.has("TransactionConflict")) return "conflict";
  if (codes.has("ThrottlingError") || codes.has("ProvisionedThroughputExceeded")) return "throttled";
  return "other";
}
