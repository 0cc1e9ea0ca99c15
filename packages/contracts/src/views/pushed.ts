import * as z from "zod";
import { fence, idOf, phaseId, time } from "../shapes/common.ts";
import { channelMessage } from "./task.ts";

/** What an agent that is pushed to is sent when it gets a task. */
export const taskAssigned = z.object({
  type: z.literal("task.assigned"),
  timestamp: time,
  data: z.object({
    agent_id: idOf("agent"),
    task_id: idOf("task"),
    ticket_id: idOf("ticket"),
    phase_id: phaseId,
    /** To be named in `POST /tasks/{task_id}/accept`, and in all that is said of the task after it. */
    fence,
    /** Not accepted by then, the task goes back to its lane. */
    accept_by: time,
  }),
});
export type TaskAssigned = z.infer<typeof taskAssigned>;

/** What comes over the socket that an agent holds. */
export const socketMessage = z.union([
  z.object({ wake: z.literal(true) }),
  z.object({ messages: z.array(channelMessage) }),
]);
export type SocketMessage = z.infer<typeof socketMessage>;
