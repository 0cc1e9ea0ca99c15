import * as z from "zod";
import { idOf, paging, phaseId, priority } from "../shapes/common.ts";
import { createTask } from "../shapes/new-task.ts";
import { ERROR_KINDS, TASK_STATUSES } from "../shapes/task.ts";
import {
  accept,
  claim,
  complete,
  fail,
  handInArtifacts,
  patchTask,
  progress,
  release,
  resume,
  wait,
  withReason,
} from "../shapes/task-acts.ts";
import { MAX_LARGE_BODY_BYTES, TASK, table } from "./route.ts";

const operator = ["operator"] as const;
const agent = ["agent"] as const;
const read = { method: "GET", tag: "tasks", who: operator, scope: "tasks:read", params: TASK, status: 200 } as const;
const write = {
  method: "POST",
  tag: "tasks",
  who: operator,
  scope: "tasks:write",
  params: TASK,
  status: 200,
  idempotent: true,
} as const;
const held = { method: "POST", tag: "tasks", who: agent, params: TASK, status: 200 } as const;
const holding = ["task.lease_lost", "task.not_holder", "task.not_accepted", "agent.ended"] as const;

export const taskRoutes = table({
  createTask: {
    ...write,
    path: "/tasks",
    summary: "Make one task of a ticket",
    params: {},
    body: createTask,
    status: 201,
    problems: [
      "ticket.not_found",
      "ticket.closed",
      "ticket.workflow_gone",
      "ticket.phase_unknown",
      "task.dependency_unknown",
    ],
  },
  listTasks: {
    ...read,
    path: "/tasks",
    summary: "List tasks of a ticket, of an agent (those it holds), or of a phase by status ready, running or failed",
    params: {},
    query: () =>
      z.strictObject({
        ...paging,
        ticket_id: idOf("ticket").optional(),
        agent_id: idOf("agent").optional(),
        phase_id: phaseId.optional(),
        status: z.enum(TASK_STATUSES).optional(),
        error_kind: z.enum(ERROR_KINDS).optional(),
        priority: priority.optional(),
      }),
    problems: ["request.cursor_invalid"],
  },
  getTask: {
    ...read,
    path: "/tasks/{task_id}",
    summary: "Read a task, with its result, errors and dependencies",
    problems: [],
    etag: true,
  },
  patchTask: {
    ...write,
    method: "PATCH",
    path: "/tasks/{task_id}",
    summary: "Edit a task's priority, deadline and words; null removes deadline or description",
    body: patchTask,
    problems: ["task.terminal", "request.precondition_failed"],
    idempotent: false,
    etag: true,
  },
  claimTasks: {
    ...held,
    path: "/tasks/claim",
    summary: "Take the best ready tasks that the agent's phases and capabilities cover, each under a new fence",
    params: {},
    body: claim,
    problems: ["agent.ended", "agent.not_started", "conflict.busy"],
    idempotent: true,
  },
  acceptTask: {
    ...held,
    path: "/tasks/{task_id}/accept",
    summary: "Accept a task that was pushed to the agent, within the time that the webhook names, and get its words",
    body: accept,
    problems: ["task.lease_lost", "task.not_holder", "agent.ended"],
  },
  progressTask: {
    ...held,
    path: "/tasks/{task_id}/progress",
    summary: "Report progress; it renews the lease",
    body: progress,
    max_body_bytes: MAX_LARGE_BODY_BYTES,
    problems: holding,
  },
  completeTask: {
    ...held,
    path: "/tasks/{task_id}/complete",
    summary: "Hand in the result",
    body: complete,
    max_body_bytes: MAX_LARGE_BODY_BYTES,
    problems: holding,
  },
  failTask: {
    ...held,
    path: "/tasks/{task_id}/fail",
    summary: "Report a failure; the task is retried, or dead-lettered",
    body: fail,
    problems: holding,
  },
  releaseTask: {
    ...held,
    path: "/tasks/{task_id}/release",
    summary: "Hand the task back to its lane; no retry is counted",
    body: release,
    problems: holding,
  },
  addTaskArtifacts: {
    ...held,
    path: "/tasks/{task_id}/artifacts",
    summary: "Hand in artifacts of a task that the agent holds",
    body: handInArtifacts,
    max_body_bytes: MAX_LARGE_BODY_BYTES,
    status: 201,
    problems: holding,
  },
  waitTask: {
    ...held,
    path: "/tasks/{task_id}/wait",
    summary: "Give up the lease until a person answers or a time has passed",
    body: wait,
    problems: holding,
  },
  resumeTask: {
    ...write,
    path: "/tasks/{task_id}/resume",
    summary: "Answer a waiting task; it becomes ready",
    body: resume,
    problems: ["task.not_waiting"],
  },
  cancelTask: {
    ...write,
    path: "/tasks/{task_id}/cancel",
    summary: "Cancel a task that has not ended",
    body: withReason,
    problems: ["task.terminal"],
  },
  retryTask: {
    ...write,
    path: "/tasks/{task_id}/retry",
    summary:
      "Open a new attempt of a failed or cancelled task, with a fresh count of retries; its open dead letter is closed",
    body: withReason,
    problems: ["task.not_terminal", "ticket.closed"],
  },
  getTaskMatch: {
    ...read,
    path: "/tasks/{task_id}/match",
    summary: "Which agent classes could take the task, and what each lacks",
    problems: [],
  },
  listTaskAttempts: {
    ...read,
    path: "/tasks/{task_id}/attempts",
    summary: "Every attempt, oldest first, orphans included",
    query: () => z.strictObject(paging),
    problems: ["request.cursor_invalid"],
  },
  listTaskEvents: {
    ...read,
    path: "/tasks/{task_id}/events",
    summary: "The task's events, oldest first",
    query: () => z.strictObject(paging),
    problems: ["request.cursor_invalid"],
  },
  listDeadLetters: {
    ...read,
    path: "/dead-letters",
    summary: "List dead letters, newest first; open ones by default",
    params: {},
    query: () =>
      z.strictObject({
        ...paging,
        status: z.enum(["open", "redriven"]).default("open"),
        phase_id: phaseId.optional(),
      }),
    problems: ["request.cursor_invalid"],
  },
  redriveDeadLetter: {
    ...write,
    path: "/dead-letters/{dead_letter_id}/redrive",
    summary: "Retry the task and close the dead letter",
    params: { dead_letter_id: { kind: "deadLetter", missing: "dead_letter.not_found" } },
    problems: ["dead_letter.redriven", "task.not_terminal", "ticket.closed"],
  },
});
