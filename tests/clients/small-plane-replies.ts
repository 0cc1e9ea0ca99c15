import type { ClaimedTask } from "@omoios/contracts/views/task";
import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";
import type { TaskRow } from "./small-plane.ts";

const ticket_id = newId("ticket", systemRandom);
const PHASE = "PHASE_IMPLEMENTATION";
const common = { ticket_id, phase_id: PHASE, task_type: "implement", priority: "MEDIUM", deadline_at: null } as const;

export function claimedTask(task: TaskRow, lease_expires_at: string): ClaimedTask {
  const { task_id, title, fence, timeout_seconds } = task;
  return {
    ...common,
    task_id: task_id as ClaimedTask["task_id"],
    title,
    fence,
    timeout_seconds,
    lease_expires_at,
    description: null,
    required_capabilities: [],
    attempt: fence,
    ticket: { ticket_id, title: "A ticket", external_ref: null, labels: [] },
    context: {
      summaries: [],
      decisions: [],
      risks: [],
      notes: ["mind the gap"],
      artifacts: [],
      handoffs: [],
      feedback: [],
      errors: [],
      budget_tokens: 8_000,
      tokens: 0,
      cut: [],
    },
  };
}

export function taskReply({
  task_id,
  title,
  fence,
  timeout_seconds,
  agent_id,
  status,
}: TaskRow): Record<string, unknown> {
  const at = new Date(0).toISOString();
  return {
    ...common,
    task_id,
    title,
    timeout_seconds,
    agent_id: agent_id ?? null,
    status: status === "completed" || status === "failed" ? status : "ready",
    pending_reason: null,
    failure: null,
    attempt: fence,
    retry_count: 0,
    max_retries: 3,
    parent_task_id: null,
    created_at: at,
    ready_at: null,
    started_at: null,
    completed_at: null,
    lease: null,
    percent: null,
    stuck: false,
    cancel_reason: null,
    score: null,
    version: 1,
    description: null,
    question: null,
    last_note: null,
    required_capabilities: [],
    depends_on: [],
    result: null,
    errors: [],
    blocked_by: [],
    blocks: [],
  };
}

export function agentReply(agent_id: string): Record<string, unknown> {
  const at = new Date(0).toISOString();
  return {
    agent_id,
    agent_name: "worker-any-001",
    agent_type: "worker",
    status: "TERMINATED",
    phase_ids: [],
    capabilities: [],
    capacity: 1,
    version: "1.0.0",
    tags: [],
    owner: null,
    delivery: { mode: "pull", url: null },
    replaces: null,
    key_id: "key",
    current_task_ids: [],
    last_heartbeat_at: null,
    registered_at: at,
    updated_at: at,
    row_version: 1,
    leaving: null,
  };
}
