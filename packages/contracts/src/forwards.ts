/** From the bus into queues, as plain as the topology, of which it is a part. */
import type { ForwardRow } from "./topology-types.ts";

/** Rules that send a part of an event straight into a queue, without a function between. */
export const forwards = [
  {
    name: "dispatch",
    events: ["task.ready"],
    queue: "dispatch",
    message: { task_id: "$.detail.subject.id", version: "$.detail.data.version" },
  },
  {
    name: "task-dead-letters",
    events: ["task.dead_lettered"],
    queue: "task-dead-letters",
    message: { task_id: "$.detail.data.task_id", attempt: "$.detail.data.attempt", error: "$.detail.data.error" },
  },
] as const satisfies readonly ForwardRow[];
