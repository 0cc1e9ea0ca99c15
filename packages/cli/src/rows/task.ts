import type { Task, TaskSummary } from "@omoios/contracts/views/task";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import type { Column } from "../output/table.ts";
import { ago, clockTime } from "../output/times.ts";

export const taskColumns = (cli: Cli): Column<TaskSummary>[] => [
  { head: "TASK", value: (task) => task.task_id },
  { head: "PHASE", value: (task) => task.phase_id },
  { head: "STATUS", value: (task) => task.status, paint: cli.paintStatus },
  { head: "WHY", value: (task) => (task.stuck ? "stuck" : (task.pending_reason ?? task.failure ?? "")) },
  { head: "TRIES", value: (task) => String(task.attempt), right: true },
  { head: "DONE", value: (task) => (task.percent === null ? "" : `${task.percent} %`), right: true },
  { head: "AGE", value: (task) => ago(task.created_at, cli.terminal.now()), right: true },
  { head: "TITLE", value: (task) => task.title, cut: true },
];

export function taskText(cli: Cli, task: Task): string {
  const last = task.errors.at(-1);
  return fields([
    ["task", task.task_id],
    ["title", task.title],
    ["ticket", task.ticket_id],
    ["phase", task.phase_id],
    ["status", cli.paintStatus(task.status)],
    ["question", task.question],
    ["why", task.pending_reason ?? task.failure ?? task.cancel_reason],
    ["stuck", task.stuck ? "its holder beats, but makes no progress" : null],
    ["type", task.task_type],
    ["priority", task.priority],
    ["capabilities", task.required_capabilities.join(", ")],
    ["agent", task.agent_id],
    ["lease", task.lease && `fence ${task.lease.fence} until ${clockTime(task.lease.expires_at)}`],
    ["progress", task.percent === null ? null : `${task.percent} %`],
    ["note", task.last_note && `${clockTime(task.last_note.at)}  ${task.last_note.note}`],
    ["attempts", `${task.attempt}, ${task.retry_count} of ${task.max_retries} retries used`],
    ["depends on", task.depends_on.join(", ")],
    ["blocked by", task.blocked_by.join(", ")],
    ["blocks", task.blocks.join(", ")],
    ["created", clockTime(task.created_at)],
    ["ready", clockTime(task.ready_at)],
    ["started", clockTime(task.started_at)],
    ["completed", clockTime(task.completed_at)],
    ["last error", last && `${last.kind}: ${last.message}`],
    ["result", task.result === null ? null : JSON.stringify(task.result)],
    ["description", task.description],
  ]);
}
