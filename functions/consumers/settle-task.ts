import { consume } from "../consume.ts";

export const handler = consume(
  ["task.completed", "task.failed", "task.cancelled", "task.retry_scheduled"],
  ({ work }, event) => work.settleTask(event),
);
