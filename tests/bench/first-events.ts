import { marshall } from "@aws-sdk/util-dynamodb";
import { packEvents } from "@omoios/adapters/dynamodb/out";
import { itemOf } from "@omoios/adapters/dynamodb/rows";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { http, sockets } from "@omoios/contracts/doors";
import { type Envelope, EVENT_SOURCE, type EventType, events } from "@omoios/contracts/events";
import { BASE_PATH } from "@omoios/contracts/routes/route";
import { queueReaders, schedules } from "@omoios/contracts/topology";
import type { FunctionName, QueueName } from "@omoios/contracts/topology-types";
import { makeTask } from "@omoios/domain/tasks/create";
import { systemContext } from "@omoios/kernel/context";
import { newId } from "@omoios/kernel/ids";
import { systemRandom } from "@omoios/kernel/random";

const task_id = newId("task", systemRandom);
const ticket_id = newId("ticket", systemRandom);

/** Who calls the API. */
export interface Callers {
  operator_key: string;
  /** An access token of an agent that has started, and for which there is no work. */
  agent_token: string;
}

/** An event that any stage can answer: of a task or ticket that is not there; for the API a claim, or a question who calls. */
export function firstEvent(name: FunctionName, callers: Callers): unknown {
  if (name === "api-agents") return apiEvent("POST", "/tasks/claim", callers.agent_token, "{}");
  if (http.some((row) => row.function === name)) return apiEvent("GET", "/whoami", callers.operator_key);
  const queue = queueReaders.find((row) => row.function === name)?.queue;
  if (queue !== undefined) return { Records: [{ messageId: "1", body: JSON.stringify(messageOf(queue)) }] };
  if (sockets.some((row) => row.function === name)) return DISCONNECT;
  return schedules.some((row) => row.function === name) ? {} : { Records: [streamRecord()] };
}

/** Of a connection that is not there. */
const DISCONNECT = { requestContext: { eventType: "DISCONNECT", routeKey: "$disconnect", connectionId: "none" } };

function apiEvent(method: string, path: string, bearer: string, body?: string) {
  return {
    version: "2.0",
    rawPath: `${BASE_PATH}${path}`,
    rawQueryString: "",
    headers: { authorization: `Bearer ${bearer}` },
    requestContext: { http: { method } },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body }),
  };
}

const CONSUMED: Readonly<Partial<Record<QueueName, EventType>>> = {
  "settle-task": "task.completed",
  "advance-ticket": "ticket.unblocked",
  "enter-phase": "ticket.phase_changed",
  "alert-on-event": "ticket.unblocked",
  watchdog: "agent.registered",
  intervene: "task.deadline_missed",
};

function messageOf(queue: QueueName): unknown {
  const type = CONSUMED[queue];
  if (type !== undefined) return { "detail-type": type, detail: envelopeOf(type) };
  if (queue === "dispatch") return { task_id, version: 1 };
  return queue === "deliver"
    ? { kind: "alert_delivery", id: "none", due_at: 0 }
    : { kind: "task", id: task_id, due_at: 0 };
}

function envelopeOf(type: EventType): Envelope {
  const { subject } = events[type];
  const id = subject === "task" ? task_id : ticket_id;
  return {
    id: `${id}#1#0`,
    type,
    version: 1,
    time: new Date().toISOString(),
    source: EVENT_SOURCE,
    subject: { kind: subject, id },
    actor: { kind: "system", id: "bench", authority: "WORKER" },
    correlation_id: "bench",
    causation_id: null,
    traceparent: null,
    data: {
      ...{ task_id, ticket_id, phase_id: "PHASE_DESIGN", status: "open", priority: "MEDIUM", attempt: 1, fence: 1 },
      ...{ agent_id: "none", agent_name: "worker-any-001" },
      ...{ version: 1, visit: 1, from: "PHASE_BACKLOG", to: "PHASE_DESIGN", forced: false, backward: false },
    },
  };
}

/** A new task as the stream shows it, ready and with the events of that. */
function streamRecord() {
  const ctx = systemContext("bench", Date.now(), systemRandom);
  const { task, events: drafts } = makeTask(
    {
      task_id,
      title: "A task",
      task_type: "implement",
      phase_id: "PHASE_DESIGN",
      priority: "MEDIUM",
      required_capabilities: [],
      depends_on: [],
    },
    { ticket_id, n: 0, visit: 1, lane: "lane", shards: 1, dependents: 0, waits_for: [], looks_again: false },
    ctx,
    defaultLimits,
  );
  const item = { ...itemOf("task", { ...task, version: 1 }, ctx.now), out: packEvents(ctx, drafts) };
  const NewImage = marshall(item, { removeUndefinedValues: true });
  return { eventName: "INSERT", dynamodb: { NewImage, SequenceNumber: "1" } };
}
