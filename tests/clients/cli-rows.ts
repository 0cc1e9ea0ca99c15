import type { Envelope } from "@omoios/contracts/events";

const AT = "2026-03-01T10:00:00.000Z";

export const TICKET_ID = "ticket_0123456789abcdefghjk";
export const TASK_ID = "task_0123456789abcdefghjk";
const AGENT_ID = "agent_0b4c1a52-6f4e-4f0e-8f7d-0123456789ab";

export const ticketRow = (more: Record<string, unknown> = {}) => ({
  ticket_id: TICKET_ID,
  title: "Read quoted fields that hold line ends",
  description: null,
  priority: "HIGH",
  workflow: "software_development",
  project: null,
  labels: ["parser"],
  external_ref: null,
  phase_id: "PHASE_IMPLEMENTATION",
  visit: 1,
  status: "open",
  is_blocked: false,
  blocked_reason: null,
  blocked_class: null,
  blocked_at: null,
  blocked_by: [],
  cancel_reason: null,
  created_at: AT,
  updated_at: AT,
  phase_entered_at: AT,
  completed_at: null,
  version: 3,
  ...more,
});

export const taskRow = (more: Record<string, unknown> = {}) => ({
  task_id: TASK_ID,
  ticket_id: TICKET_ID,
  phase_id: "PHASE_IMPLEMENTATION",
  task_type: "implement",
  title: "Apply the change",
  priority: "HIGH",
  status: "running",
  pending_reason: null,
  failure: null,
  attempt: 2,
  retry_count: 1,
  max_retries: 3,
  timeout_seconds: 3600,
  deadline_at: null,
  parent_task_id: null,
  created_at: AT,
  ready_at: AT,
  started_at: AT,
  completed_at: null,
  agent_id: AGENT_ID,
  lease: { fence: 2, expires_at: "2026-03-01T10:02:00.000Z" },
  percent: 40,
  stuck: false,
  cancel_reason: null,
  score: 12,
  version: 5,
  description: null,
  question: null,
  required_capabilities: ["lang:js"],
  depends_on: [],
  result: null,
  errors: [
    {
      attempt: 1,
      kind: "retryable",
      agent_kind: "exit",
      message: "exit code 1: 2 tests failed",
      at: AT,
      agent_id: AGENT_ID,
    },
  ],
  blocked_by: [],
  blocks: [],
  ...more,
});

export const agentRow = (more: Record<string, unknown> = {}) => ({
  agent_id: AGENT_ID,
  agent_name: "worker-implementation-001",
  agent_type: "worker",
  status: "RUNNING",
  phase_ids: ["PHASE_IMPLEMENTATION"],
  capabilities: ["lang:js"],
  capacity: 1,
  version: "1.0.0",
  tags: [],
  owner: null,
  delivery: { mode: "pull", url: null },
  replaces: null,
  key_id: "k",
  current_task_ids: [TASK_ID],
  last_heartbeat_at: AT,
  registered_at: AT,
  updated_at: AT,
  row_version: 1,
  leaving: null,
  ...more,
});

export const eventRow = (type: string, number: number, data: Record<string, unknown> = {}): Envelope => ({
  id: `${TASK_ID}#${number}#0`,
  type,
  version: 1,
  time: `2026-03-01T10:00:0${number}.000Z`,
  source: "omoios",
  subject: { kind: "task", id: TASK_ID },
  actor: { kind: "agent", id: AGENT_ID, authority: "WORKER" },
  correlation_id: "c",
  causation_id: null,
  traceparent: null,
  data,
});

export const page = (...items: unknown[]) => ({ items, next_cursor: null });
