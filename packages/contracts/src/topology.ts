/**
 * The plane's parts as data. `stacks/` makes constructs of it, `packages/local` wires the same handlers to emulators, and a test
 * holds the synthesized template against it. Tables are in `tables.ts`, APIs in `doors.ts`,
 * who hears which events in `consumers.ts`. It imports nothing beside, so that `sst.config.ts` can reach it by relative path.
 * A function learns where its things are from its environment, which both builders make by `environmentOf` (`places.ts`).
 */
import { consumers } from "./consumers.ts";
import type {
  ConsumerName,
  FunctionRow,
  Grant,
  QueueReaderRow,
  QueueRow,
  ScheduleRow,
  StreamReaderRow,
} from "./topology-types.ts";

export const queues = [
  { name: "dispatch", purpose: "Hints that a task became ready: {task_id, version}", max_receives: 3 },
  { name: "timers", purpose: "Due rows and commands, delayed by up to 15 minutes", max_receives: 5 },
  { name: "deliver", purpose: "Notifications that are due, delayed until their next try", max_receives: 5 },
  { name: "alert-on-event", purpose: "Events that are alerts, or end them", max_receives: 5 },
  { name: "watchdog", purpose: "Events that the watchdog acts on, and those that end what it began", max_receives: 5 },
  { name: "intervene", purpose: "Events that policies of the guardian act on", max_receives: 5 },
  { name: "settle-task", purpose: "A task ended, or came back: what waits for it", max_receives: 5 },
  { name: "advance-ticket", purpose: "Something that a gate depends on changed", max_receives: 5 },
  {
    name: "enter-phase",
    purpose: "A ticket changed its phase or ended: tasks are made and cancelled",
    max_receives: 5,
  },
  {
    name: "task-dead-letters",
    purpose: "Copies of dead-lettered tasks for whoever drains them elsewhere: {task_id, attempt, error}",
  },
  {
    name: "notification-dead-letters",
    purpose: "Notifications that a receiver refused or that were given up: {notification_id, receiver, why, group_key}",
  },
  { name: "relay-parked", purpose: "Stream records that the relay could not read or send, whole" },
] as const satisfies readonly QueueRow[];

const STATE_AND_PULSE = [
  { table: "state", actions: ["read", "write"] },
  { table: "pulse", actions: ["read", "write"] },
] as const satisfies readonly Grant[];
const SET_TIMERS = { queue: "timers", actions: ["send"] } as const satisfies Grant;
/** What flushes groups hands deliveries over; people send them again, and test receivers. */
const SET_DELIVERIES = { queue: "deliver", actions: ["send"] } as const satisfies Grant;
const READ_TOKEN_KEYS = { secret: "token-keys", actions: ["read"] } as const satisfies Grant;
const READ_AUDIT_KEYS = { secret: "audit-keys", actions: ["read"] } as const satisfies Grant;
const SEND_ON_SOCKET = { socket: "wake", actions: ["send"] } as const satisfies Grant;

const consumer = (name: ConsumerName, purpose: string): FunctionRow => ({
  name,
  purpose,
  entry: `functions/consumers/${name}.ts`,
  memory_mb: 512,
  timeout_seconds: 60,
  may: [...STATE_AND_PULSE, SET_TIMERS],
});

export const functions: readonly FunctionRow[] = [
  {
    name: "api-agents",
    purpose: "The agents' hot path: claim, progress, complete, heartbeat, token",
    entry: "functions/http/agents.ts",
    memory_mb: 1024,
    timeout_seconds: 20,
    may: [...STATE_AND_PULSE, SET_TIMERS, READ_TOKEN_KEYS, READ_AUDIT_KEYS],
  },
  {
    name: "api-control",
    purpose: "Everything that people and services ask for",
    entry: "functions/http/control.ts",
    memory_mb: 1024,
    timeout_seconds: 29,
    may: [
      ...STATE_AND_PULSE,
      SET_TIMERS,
      SET_DELIVERIES,
      READ_TOKEN_KEYS,
      READ_AUDIT_KEYS,
      { socket: "wake", actions: ["name", "send"] },
    ],
  },
  {
    name: "wake",
    purpose: "Lets agents open a wake socket, and forgets those that closed",
    entry: "functions/sockets/wake.ts",
    memory_mb: 512,
    timeout_seconds: 10,
    may: [
      { table: "state", actions: ["read"] },
      { table: "pulse", actions: ["read", "write"] },
      READ_TOKEN_KEYS,
      READ_AUDIT_KEYS,
    ],
  },
  {
    name: "relay",
    purpose: "Stream records to event log, bus and timers",
    entry: "functions/streams/relay.ts",
    memory_mb: 512,
    timeout_seconds: 60,
    may: [
      { table: "pulse", actions: ["write"] },
      { bus: "main", actions: ["publish"] },
      { queue: "relay-parked", actions: ["send"] },
      SET_TIMERS,
      READ_AUDIT_KEYS,
    ],
  },
  {
    name: "figures",
    purpose: "Stream records to the plane's sums, and to depth and first entry of each lane",
    entry: "functions/streams/figures.ts",
    memory_mb: 256,
    timeout_seconds: 60,
    may: [{ table: "pulse", actions: ["read", "write"] }],
  },
  consumer("settle-task", "Releases or blocks what waits for a task that ended, and judges its ticket's gate"),
  consumer("advance-ticket", "Judges the gate and moves the ticket on"),
  consumer("enter-phase", "Makes the tasks of the phase entered, cancels those of the phase left"),
  consumer("alert-on-event", "Tells alerting of the plane's own events"),
  consumer("watchdog", "Repairs what an alert or an event tells of, by its policies"),
  consumer("intervene", "Lets the guardian's policies act on alerts and events"),
  {
    name: "deliver",
    purpose: "Sends notifications to receivers, one try each",
    entry: "functions/queues/deliver.ts",
    memory_mb: 512,
    timeout_seconds: 30,
    may: [
      ...STATE_AND_PULSE,
      SET_DELIVERIES,
      { queue: "notification-dead-letters", actions: ["send"] },
      { receivers: "secrets", actions: ["read"] },
      { mail: "ses", actions: ["send"] },
    ],
  },
  {
    name: "dispatch",
    purpose: "Wakes idle agents for a ready task, or assigns it to one that is pushed to",
    entry: "functions/queues/dispatch.ts",
    memory_mb: 512,
    timeout_seconds: 30,
    may: [...STATE_AND_PULSE, SEND_ON_SOCKET],
  },
  {
    name: "timers",
    purpose:
      "Does what is due: leases, timeouts, back-off, registrations, batches, alerts and their groups, remediations, rollbacks",
    entry: "functions/timers/due.ts",
    memory_mb: 512,
    timeout_seconds: 60,
    may: [...STATE_AND_PULSE, SET_TIMERS, SET_DELIVERIES, SEND_ON_SOCKET],
  },
  {
    name: "sweep",
    purpose: "Each minute: sends what is due and left over, compiles lanes again",
    entry: "functions/schedules/sweep.ts",
    memory_mb: 512,
    timeout_seconds: 55,
    may: [...STATE_AND_PULSE, SET_TIMERS, SET_DELIVERIES, READ_AUDIT_KEYS],
  },
  {
    name: "audit-export",
    purpose: "Each hour: writes what was sealed of the audit into the stage's bucket, if it names one",
    entry: "functions/schedules/audit-export.ts",
    memory_mb: 512,
    timeout_seconds: 300,
    may: [
      { table: "state", actions: ["read"] },
      { table: "pulse", actions: ["read", "write"] },
      READ_AUDIT_KEYS,
      { bucket: "audit", actions: ["put"] },
    ],
  },
];

const patience = { retries: 10, max_age_seconds: 3600 };
const exists = { S: [{ exists: true }] };
const HELD = ["running", "assigned", "waiting"];
const held = { S: HELD };
const notHeld = { S: [{ "anything-but": ["running", "assigned"] }] };

/** Both split a failing batch in two and report the records that failed; a record given up goes to `<function>-stream-dlq`. */
export const streamReaders = [
  {
    function: "relay",
    table: "state",
    // A write without events removes `out`, and starts nothing here. A TTL's delete is a REMOVE, and no news.
    filters: [{ eventName: ["INSERT", "MODIFY"], dynamodb: { NewImage: { out: exists } } }],
    batch_size: 100,
    window_seconds: 0,
    parallel: 4,
    ...patience,
  },
  {
    function: "figures",
    table: "state",
    filters: [
      { eventName: ["INSERT", "MODIFY"], dynamodb: { NewImage: { ready_lane: exists } } },
      { eventName: ["MODIFY"], dynamodb: { OldImage: { ready_lane: exists } } },
      // What agents held and hold no more, dead letters, alerts, remediations. A mapping has five filters at most.
      { eventName: ["MODIFY"], dynamodb: { OldImage: { status: held }, NewImage: { status: notHeld } } },
      { eventName: ["INSERT"], dynamodb: { NewImage: { dead_letter_id: exists } } },
      {
        eventName: ["INSERT", "MODIFY"],
        dynamodb: { NewImage: { pk: { S: [{ prefix: "alert#" }, { prefix: "remediation#" }] } } },
      },
    ],
    batch_size: 500,
    window_seconds: 1,
    parallel: 1,
    ...patience,
  },
] as const satisfies readonly StreamReaderRow[];

/** Queues read by a function, each reporting partial batch failures. Visibility is six times the function's timeout. */
export const queueReaders: readonly QueueReaderRow[] = [
  ...consumers.map((row) => ({ queue: row.name, function: row.name, batch_size: row.batch_size })),
  { queue: "dispatch", function: "dispatch", batch_size: 10 },
  { queue: "timers", function: "timers", batch_size: 10 },
  { queue: "deliver", function: "deliver", batch_size: 10 },
];

export const schedules = [
  { name: "sweep", function: "sweep", expression: "rate(1 minute)", silent_after_minutes: 4 },
  { name: "audit-export", function: "audit-export", expression: "rate(1 hour)", silent_after_minutes: 180 },
] as const satisfies readonly ScheduleRow[];
