import * as z from "zod";
import { idOf, time } from "../shapes/common.ts";
import { artifact } from "./artifact.ts";
import { channelMessage, claimedTask, handedIn, task } from "./task.ts";

/** Tasks that were taken from the agent lately: each answer to a holder's word tells of them, whichever task it is about. */
const orders = { stop_tasks: z.array(idOf("task")) };

export const claimReply = z.object({
  tasks: z.array(claimedTask),
  retry_after_ms: z.int(),
  ...orders,
  messages: z.array(channelMessage),
});

export const progressReply = z.object({ lease_expires_at: time, action: z.enum(["continue", "stop"]), ...orders });
export const acceptReply = claimedTask.extend(orders);
export const handedInReply = handedIn.extend(orders);
export const heldTaskReply = task.extend(orders);
export const artifactsReply = z.object({ artifacts: z.array(artifact), ...orders });

/** What people and agents ask alike: agents alone are told of tasks that were taken from them. */
export const ordersIfAgent = { stop_tasks: orders.stop_tasks.optional() };
