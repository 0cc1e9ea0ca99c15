import { queues, streamReaders } from "../packages/contracts/src/topology.ts";
import type { Names } from "./names.ts";

/** Queues that are empty while all is well. `task-dead-letters` is not among them: others drain it, at their own pace. */
export const lastQueues = (names: Names): string[] => [
  ...queues.flatMap((row) => ("max_receives" in row ? [names.deadLetters(row.name)] : [])),
  ...streamReaders.map((row) => names.streamDeadLetters(row.function)),
  names.queue("relay-parked"),
  names.queue("notification-dead-letters"),
];
