import * as z from "zod";
import { idOf, time } from "../shapes/common.ts";
import { channelMessage, claimedTask } from "./task.ts";

export const claimReply = z.object({
  tasks: z.array(claimedTask),
  retry_after_ms: z.int(),
  stop_tasks: z.array(idOf("task")),
  messages: z.array(channelMessage),
});

export const progressReply = z.object({ lease_expires_at: time, action: z.enum(["continue", "stop"]) });
