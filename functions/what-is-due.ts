import { jobs, type TimerMessage } from "@omoios/contracts/jobs";
import { each, type QueueHandler } from "./consume.ts";

/** Which id of a due row the log asks by. */
const CONCERN: Partial<Record<TimerMessage["kind"], string>> = {
  task: "task_id",
  offer: "task_id",
  ticket: "ticket_id",
  agent: "agent_id",
};

/** A queue's handler of what is due. */
export const whatIsDue: QueueHandler = each({
  schema: jobs.timers,
  about: ({ kind, id, cause }) => {
    const concern = CONCERN[kind];
    return {
      name: `${kind} is due`,
      from: cause,
      ...(concern === undefined ? { told: { due_id: id } } : { about: { [concern]: id } }),
    };
  },
  act: ({ work }, message) => work.isDue(message),
});
