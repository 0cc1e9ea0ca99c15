import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { RouteReply } from "@omoios/contracts/routes";
import { createClient } from "@omoios/sdk/client";
import { consumers } from "../../packages/contracts/src/consumers.ts";
import { functions } from "../../packages/contracts/src/topology.ts";
import type { ConsumerName, FunctionName } from "../../packages/contracts/src/topology-types.ts";
import type { Names } from "../../stacks/names.ts";
import type { Trial } from "./rights.ts";

/** A stage through which the main flow went. */
export interface WorkedStage {
  names: Names;
  url: string;
  operator_key: string;
}

type Event = RouteReply<"listEvents">["items"][number];

const NOBODYS_KEY = `omoi_sk_${"x".repeat(43)}`;

/** One trial for each function that has something to do here. What they do again was done by the main flow, and changes nothing. */
export async function trialsOf(stage: WorkedStage): Promise<Trial[]> {
  const { ticket_id, task_id, events } = await left(stage);
  const trial = (right: string, act: Trial["act"]) => ({ right, act });
  const acts: Record<FunctionName, { right: string; act: Trial["act"] } | undefined> = {
    // A key that nobody has must be looked for; with the right it is refused as unknown.
    "api-agents": trial("dynamodb:GetItem", () => answers(stage, "POST", "/api/v1/tasks/claim", NOBODYS_KEY)),
    "api-control": trial("dynamodb:Query", () => answers(stage, "GET", "/api/v1/tickets", stage.operator_key)),
    wake: trial("dynamodb:DeleteItem", () =>
      handles(stage, "wake", { requestContext: { eventType: "DISCONNECT", connectionId: "trial" } }),
    ),
    relay: trial("events:PutEvents", await relays(stage)),
    figures: trial("dynamodb:UpdateItem", () => handles(stage, "figures", inStream(READY))),
    "settle-task": trial("dynamodb:GetItem", consumes(stage, "settle-task", events)),
    "advance-ticket": trial("dynamodb:GetItem", consumes(stage, "advance-ticket", events)),
    "enter-phase": trial("dynamodb:GetItem", consumes(stage, "enter-phase", events)),
    "alert-on-event": trial("dynamodb:BatchGetItem", () =>
      handles(stage, "alert-on-event", inQueue(unblocking(events))),
    ),
    watchdog: trial("dynamodb:GetItem", () => handles(stage, "watchdog", inQueue(coming(events)))),
    // A policy looks whether it has acted on this before, and is refused by a task that has ended.
    intervene: trial("dynamodb:GetItem", () => handles(stage, "intervene", inQueue(late(events, task_id)))),
    deliver: trial("dynamodb:GetItem", () =>
      handles(stage, "deliver", inQueue({ kind: "alert_delivery", id: "webhook.none.none", due_at: 1 })),
    ),
    dispatch: trial("dynamodb:GetItem", () => handles(stage, "dispatch", inQueue({ task_id, version: 1 }))),
    timers: trial("dynamodb:GetItem", () =>
      handles(stage, "timers", inQueue({ kind: "ticket", id: ticket_id, due_at: 1 })),
    ),
    sweep: trial("dynamodb:Query", () => handles(stage, "sweep", {})),
    // The stage names no bucket, so that it needs no right.
    "audit-export": undefined,
  };
  return functions.flatMap(({ name }) => {
    const act = acts[name];
    return act === undefined ? [] : [{ function: name, ...act }];
  });
}

/** A task that came into a lane which no other has, so that no hint of the stage is changed. */
const READY = { ready_lane: { S: "rehearsal#0" }, virtual_start: { N: "1" } };

const inQueue = (message: object) => ({
  Records: [{ messageId: "trial", eventSource: "aws:sqs", body: JSON.stringify(message) }],
});
/** The end of an alert that was never: it is looked for, and kept as ended. */
function unblocking([event]: readonly Event[]) {
  return { "detail-type": "ticket.unblocked", detail: { ...event, type: "ticket.unblocked" } };
}

/** Of an agent that is not known: looked for, and left. */
function coming([event]: readonly Event[]) {
  const subject = { kind: "agent", id: "agent_00000000-0000-4000-8000-000000000000" };
  const data = { agent_id: subject.id, agent_name: "worker-any-001", status: "IDLE", version: 1 };
  return { "detail-type": "agent.registered", detail: { ...event, type: "agent.registered", subject, data } };
}

/** Of the task of the main flow, which has ended: a task's event says of it all that another's would. */
function late(events: readonly Event[], task_id: string) {
  const event = events.find(({ type, data }) => type === "task.ready" && data.task_id === task_id);
  if (event === undefined) throw new Error(`The main flow left no event of ${task_id} getting ready.`);
  const data = { ...event.data, priority: "LOW" };
  return { "detail-type": "task.deadline_missed", detail: { ...event, type: "task.deadline_missed", data } };
}

const inStream = (NewImage: object) => ({
  Records: [{ eventName: "INSERT", dynamodb: { SequenceNumber: "1", NewImage } }],
});

/** The ticket of the main flow, one of its tasks, and the events of both. */
async function left({ url, operator_key }: WorkedStage) {
  const client = createClient({ url, api_key: operator_key });
  const ticket_id = (await client.listTickets()).items[0]?.ticket_id ?? "";
  const task_id = (await client.listTicketTasks({ params: { ticket_id } })).items[0]?.task_id ?? "";
  const pages = [ticket_id, task_id].map((subject) => client.listEvents({ query: { subject, limit: 100 } }));
  return { ticket_id, task_id, events: (await Promise.all(pages)).flatMap(({ items }) => items) };
}

function consumes(stage: WorkedStage, name: ConsumerName, events: readonly Event[]): Trial["act"] {
  const types: readonly string[] = consumers.find((row) => row.name === name)?.events ?? [];
  const event = events.find(({ type }) => types.includes(type));
  if (!event) throw new Error(`The main flow left no event for ${name}.`);
  return () => handles(stage, name, inQueue({ "detail-type": event.type, detail: event }));
}

/** The relay is given an item whose last write carried events, as the stream would. */
async function relays(stage: WorkedStage): Promise<Trial["act"]> {
  const command = new ScanCommand({
    TableName: stage.names.table("state"),
    FilterExpression: "attribute_exists(#out)",
    ExpressionAttributeNames: { "#out": "out" },
  });
  const { Items: [item] = [] } = await new DynamoDBClient({}).send(command);
  if (!item) throw new Error("No item of the state table carries events.");
  return () => handles(stage, "relay", inStream(item));
}

/** Starts a function and says whether it did what it was started for. */
async function handles({ names }: WorkedStage, name: FunctionName, event: object): Promise<boolean> {
  const command = new InvokeCommand({ FunctionName: names.function(name), Payload: JSON.stringify(event) });
  const { FunctionError, Payload } = await new LambdaClient({}).send(command);
  const reply = JSON.parse(Payload?.transformToString() || "null");
  return FunctionError === undefined && !(reply?.batchItemFailures?.length > 0);
}

/** Whether the API has an answer, be it a refusal. */
async function answers({ url }: WorkedStage, method: string, path: string, key: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const reply = await fetch(url + path, { method, headers, ...(method === "POST" ? { body: "{}" } : {}) });
  await reply.arrayBuffer();
  return reply.status < 500;
}
