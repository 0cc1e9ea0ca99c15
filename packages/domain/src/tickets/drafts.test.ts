import type { NewTask } from "@omoios/contracts/shapes/new-task";
import type { TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { contextAt, NOW, taskRow } from "../../../../tests/harness/task-row.ts";
import type { Store } from "../store.ts";
import type { TaskRow } from "../tasks/model.ts";
import { dependenciesOf, draftsOf } from "./drafts.ts";
import { inTasks } from "./judge-tasks.ts";
import { workflow } from "./workflow.ts";

const older = "task_00000000000000000000" as TaskId;
const unseen = "task_11111111111111111111" as TaskId;
const unknown = "task_zzzzzzzzzzzzzzzzzzzz" as TaskId;
const rows: TaskRow[] = [
  taskRow({ task_id: older, status: "failed" }),
  taskRow({ task_id: unseen, status: "staged", batch_id: "batch_00000000000000000000" as never }),
];
/** A store that holds these tasks, and a batch that is not valid yet. */
const store = {
  getMany: async (kind: string, keys: readonly { task_id?: string }[]) =>
    kind === "task" ? rows.filter(({ task_id }) => keys.some((key) => key.task_id === task_id)) : [],
} as unknown as Store;

const flow = workflow.parse({
  id: "flow",
  name: "Flow",
  columns: [{ id: "all", name: "All" }],
  phases: ["A", "B"].map((name, order) => ({
    id: `PHASE_${name}`,
    name,
    order,
    column: "all",
    execution_mode: "implementation",
    allowed_transitions: [],
  })),
});
const place = { workflow: flow, phase_id: "PHASE_A", at: inTasks };
const drafts = (...given: Partial<NewTask>[]) =>
  draftsOf(
    { store },
    contextAt(NOW, seededRandom(1)),
    given.map((task, n) => ({ title: `Task ${n}`, ...task })),
    place,
  );
const refusalOf = async (...given: Partial<NewTask>[]): Promise<Problem> => {
  const refusal = await drafts(...given).catch((error: unknown) => error);
  if (refusal instanceof Problem) return refusal;
  throw new Error("The call was not refused");
};

describe("tasks of a call", () => {
  test("take the phase of their place, MEDIUM and no demands where they do not say", async () => {
    const {
      drafts: [plain, own],
      refs,
    } = await drafts(
      {},
      {
        ref: "b",
        phase_id: "PHASE_B",
        priority: "LOW",
        task_type: "test",
        required_capabilities: ["go"],
        deadline_at: "2026-01-05T12:00:00+02:00",
      },
    );
    expect(plain).toMatchObject({
      phase_id: "PHASE_A",
      priority: "MEDIUM",
      task_type: "task",
      required_capabilities: [],
      depends_on: [],
    });
    expect(plain?.deadline_at).toBeUndefined();
    expect(own).toMatchObject({
      phase_id: "PHASE_B",
      priority: "LOW",
      task_type: "test",
      required_capabilities: ["go"],
      deadline_at: NOW,
    });
    expect(refs).toEqual([null, "b"]);
  });

  test("wait for tasks of the call by ref, in any order, and for older ones by id, each once", async () => {
    const made = await drafts({ ref: "a", depends_on: ["b", older, "b", older] }, { ref: "b" });
    const [a, b] = made.drafts;
    expect(a?.depends_on).toEqual([b?.task_id, older]);
    expect(dependenciesOf([...made.drafts, ...made.drafts])).toEqual([b?.task_id, older]);
  });
});

describe("every fault of a call is found before anything is written", () => {
  test.each<[string, Partial<NewTask>[], string, object]>([
    [
      "a ref that names two",
      [{ ref: "a" }, { ref: "b" }, { ref: "a" }],
      "request.invalid",
      { errors: [{ path: "/tasks/2/ref" }] },
    ],
    [
      "phases that the workflow does not have",
      [{ phase_id: "PHASE_X" }, {}, { phase_id: "PHASE_Y" }],
      "ticket.phase_unknown",
      {
        errors: [{ path: "/tasks/0/phase_id" }, { path: "/tasks/2/phase_id" }],
        extra: { allowed: ["PHASE_A", "PHASE_B"] },
      },
    ],
    [
      "dependencies that are neither task nor ref",
      [{ depends_on: [unknown, older] }, { depends_on: ["nobody"] }],
      "task.dependency_unknown",
      { errors: [{ path: "/tasks/0/depends_on" }, { path: "/tasks/1/depends_on" }] },
    ],
    // A batch that is not valid is shown to nobody, so nobody can wait for its tasks.
    ["a task of a batch that is not valid", [{ depends_on: [unseen] }], "task.dependency_unknown", {}],
    [
      "a parent that is no task",
      [{ parent_task_id: unknown }],
      "task.dependency_unknown",
      { errors: [{ path: "/tasks/0/parent_task_id" }] },
    ],
    [
      "a task that waits for itself",
      [{ ref: "a", depends_on: ["a"] }],
      "task.dependency_cycle",
      { extra: { cycle: ["a", "a"] } },
    ],
    [
      "a ring, with its path",
      [
        { ref: "a", depends_on: ["b"] },
        { ref: "b", depends_on: ["c", older] },
        { ref: "c", depends_on: ["a"] },
      ],
      "task.dependency_cycle",
      { extra: { cycle: ["a", "b", "c", "a"] } },
    ],
  ])("%s", async (_, given, code, more) => {
    expect(await refusalOf(...given)).toMatchObject({ code, ...more });
  });
});
