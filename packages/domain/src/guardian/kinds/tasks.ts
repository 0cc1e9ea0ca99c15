import type { Priority } from "@omoios/contracts/shapes/common";
import type { InterventionState } from "@omoios/contracts/shapes/guardian";
import { toRfc3339 } from "@omoios/kernel/clock";
import { isId } from "@omoios/kernel/ids";
import type { Store } from "../../store.ts";
import { hasEnded, type TaskRow } from "../../tasks/model.ts";
import { type Kind, seenAs } from "../hands.ts";
import type { Target } from "../model.ts";

/** With the moment of its end: one that came back and was cancelled again is another cancellation. */
const endOf = ({ status, completed_at }: TaskRow): InterventionState => ({
  status: status === "staged" ? "pending" : status,
  ended_at: hasEnded(status) && completed_at !== undefined ? toRfc3339(completed_at) : null,
});

const priorityOf = ({ status, priority }: TaskRow): InterventionState => ({ priority, ended: hasEnded(status) });

async function taskOf(store: Store, { id }: Target): Promise<TaskRow | undefined> {
  return isId("task", id) ? store.get("task", { task_id: id }) : undefined;
}

export const cancelTask: Kind = {
  act: ({ hands }, ctx, { target, reason }, beside) => hands.cancelTask(ctx, target.id, reason, seenAs(endOf, beside)),
  undo: ({ hands }, ctx, { target }, _by_time, beside) => hands.uncancelTask(ctx, target.id, seenAs(endOf, beside)),
  async look({ store }, { target }) {
    const task = await taskOf(store, target);
    return task && endOf(task);
  },
};

export const overridePriority: Kind = {
  act: ({ hands }, ctx, { target, parameters }, beside) =>
    hands.setPriority(ctx, target.id, parameters.priority as Priority, seenAs(priorityOf, beside)),
  undo: ({ hands }, ctx, { target, before }, _by_time, beside) =>
    hands.setPriority(ctx, target.id, before.priority as Priority, seenAs(priorityOf, beside)),
  async look({ store }, { target }) {
    const task = await taskOf(store, target);
    return task && priorityOf(task);
  },
};
