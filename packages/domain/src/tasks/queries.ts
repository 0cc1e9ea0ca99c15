import type { RouteReply } from "@omoios/contracts/routes";
import type { Task, TaskSummary } from "@omoios/contracts/views/task";
import type { Instant } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import type { EventLog } from "../event-log.ts";
import type { Page, PageRequest } from "../store.ts";
import { laneOf, missingFor } from "./lane.ts";
import type { TaskBodyRow, TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { readyTasks, runningTasks, tasksHeldBy } from "./phase-lists.ts";
import { attemptView, lastNoteIn, runningAttempt, taskSummary, taskView } from "./present.ts";
import { completedOf, onlyVisible, tasksOf, visibleTask } from "./reads.ts";

/** Classes that an explanation lists, and agents of each that it counts; edges and attempts that a task shows. */
const CLASSES = 50;
const COUNTED_AGENTS = 100;
const SHOWN_EDGES = 1_000;
const SHOWN_ATTEMPTS = 100;
/** A note is looked for among so many of a task's newest events. */
const NEWEST_EVENTS = 10;

const UNTRIED = { attempts: [], blocks: [], own: undefined, last_note: null };

/** The reads of the tasks room, as the API shows them. */
export function taskQueries(parts: TaskParts & { log: Pick<EventLog, "ofSubject"> }) {
  const { store, log } = parts;

  const bodyOf = async (task: TaskRow): Promise<TaskBodyRow> => {
    const body = await store.get("task_body", { ticket_id: task.ticket_id, n: task.n });
    if (body === undefined) throw new Problem("task.not_found", { detail: `There is no task ${task.task_id}.` });
    return body;
  };

  const lastNote = async ({ task_id, fence }: TaskRow): Promise<Task["last_note"]> => {
    const { rows } = await log.ofSubject(task_id, { limit: NEWEST_EVENTS, newest_first: true });
    return lastNoteIn(rows, fence);
  };

  /** What was tried for the task, what waits for it, what its holder notes. `own` is the attempt that completed it, or that waits. */
  const around = async (task: TaskRow) => {
    const { task_id, status, fence } = task;
    const [attempts, edges, own, last_note] = await Promise.all([
      store.page("attempt", { task_id }, { limit: SHOWN_ATTEMPTS }),
      store.page("edge", { dependency_id: task_id }, { limit: SHOWN_EDGES }),
      status === "waiting" || status === "completed" ? store.get("attempt", { task_id, fence, orphan: "" }) : undefined,
      status === "running" ? lastNote(task) : null,
    ]);
    const blocks = edges.rows.map(({ dependent_id }) => dependent_id);
    return { attempts: attempts.rows, blocks, own, last_note };
  };

  const show = async (
    task: TaskRow,
    beside: Promise<Awaited<ReturnType<typeof around>>>,
    now: Instant,
  ): Promise<Task> => {
    const [body, { blocks, ...tried }] = await Promise.all([bodyOf(task), beside]);
    const completed = await completedOf(parts, [body], await tasksOf(parts, body.depends_on));
    const blocked_by = body.depends_on.filter((id) => !completed.has(id));
    return taskView(task, body, { ...tried, blocked_by, blocks }, now);
  };

  const view = (task: TaskRow, now: Instant): Promise<Task> => show(task, around(task), now);

  const summaries = async (tasks: readonly TaskRow[], now: Instant): Promise<TaskSummary[]> => {
    const bodies = await store.getMany(
      "task_body",
      tasks.map(({ ticket_id, n }) => ({ ticket_id, n })),
    );
    const byTask = new Map(bodies.map((body) => [body.task_id, body]));
    return tasks.flatMap((task) => {
      const body = byTask.get(task.task_id);
      return body === undefined ? [] : [taskSummary(task, body, now)];
    });
  };

  return {
    view,
    get: async (task_id: string, now: Instant): Promise<Task> => view(await visibleTask(parts, task_id), now),

    /** A task that was made just now: nothing was tried for it, and nothing waits for it. */
    made: async (task_id: string, now: Instant): Promise<Task> =>
      show(await visibleTask(parts, task_id), Promise.resolve(UNTRIED), now),

    summaries,

    async ofTicket(ticket_id: TaskRow["ticket_id"], page: PageRequest, now: Instant): Promise<Page<TaskSummary>> {
      const bodies = await store.page("task_body", { ticket_id }, page);
      const tasks = new Map(
        (
          await onlyVisible(
            parts,
            await tasksOf(
              parts,
              bodies.rows.map(({ task_id }) => task_id),
            ),
          )
        ).map((task) => [task.task_id, task]),
      );
      const rows = bodies.rows.flatMap((body) => {
        const task = tasks.get(body.task_id);
        return task === undefined ? [] : [taskSummary(task, body, now)];
      });
      return { rows, cursor: bodies.cursor };
    },

    async heldBy(agent_id: string, page: PageRequest, now: Instant): Promise<Page<TaskSummary>> {
      const { rows, cursor } = await tasksHeldBy(parts, agent_id, page);
      return { rows: await summaries(rows, now), cursor };
    },

    /** Ready tasks come from the lanes of the phase, running ones from the slots of its agents, failed ones from the open dead letters. */
    async ofPhase(phase_id: string, status: string, page: PageRequest, now: Instant): Promise<Page<TaskSummary>> {
      if (status === "ready" || status === "running") {
        const { rows, cursor } = await (status === "ready" ? readyTasks : runningTasks)(parts, phase_id, page);
        return { rows: await summaries(rows, now), cursor };
      }
      const letters = await store.list("dead_letter", "dead_letters#open", { ...page, newest_first: true });
      const ids = letters.rows.filter((row) => row.phase_id === phase_id).map(({ task_id }) => task_id);
      const failed = (await tasksOf(parts, ids)).filter((task) => task.status === "failed");
      return { rows: await summaries(failed, now), cursor: letters.cursor };
    },

    async attempts(task_id: string, page: PageRequest): Promise<Page<RouteReply<"listTaskAttempts">["items"][number]>> {
      const task = await visibleTask(parts, task_id);
      const { rows, cursor } = await store.page("attempt", { task_id: task.task_id }, page);
      const running = cursor === undefined && task.status === "running" ? [runningAttempt(task)] : [];
      return { rows: [...rows.map(attemptView), ...running], cursor };
    },

    async match(task_id: string): Promise<RouteReply<"getTaskMatch">> {
      const task = await visibleTask(parts, task_id);
      const { required_capabilities } = await bodyOf(task);
      const lane = { phase_id: task.phase_id, capabilities: required_capabilities };
      const all = await store.all("agent_class", {});
      const compared = all
        .map((row) => ({ row, missing: missingFor(lane, row) }))
        .sort((a, b) => a.missing.length - b.missing.length);
      const classes = await Promise.all(
        compared.slice(0, CLASSES).map(async ({ row, missing }) => ({
          phase_ids: row.phase_ids,
          capabilities: row.capabilities,
          agents: (await store.list("agent", `class#${row.class_id}`, { limit: COUNTED_AGENTS })).rows.length,
          matches: missing.length === 0,
          missing,
        })),
      );
      const alternatives = classes
        .filter(({ matches, agents }) => !matches && agents > 0)
        .slice(0, 3)
        .map(
          ({ capabilities, missing }) =>
            `An agent with ${capabilities.join(", ") || "no capabilities"} lacks only ${missing.join(", ")}.`,
        );
      const id = laneOf(lane.phase_id, lane.capabilities);
      const paused = (await parts.isPaused()) || (await parts.pausedLanes()).has(id);
      return { lane: id, paused, classes, alternatives };
    },
  };
}
