/**
 * The plane's parts as data. `stacks/` makes constructs of it, `packages/local` wires the same handlers to emulators, and a test
 * holds the synthesized template against it. It imports nothing, so that `sst.config.ts` can reach it by relative path.
 *
 * A function learns where its things are from its environment, which both builders make by `environmentOf`.
 */

export type TableName = "state" | "pulse";
export type KeyType = "S" | "N";

export interface IndexRow {
  name: string;
  partition: { field: string; type: KeyType };
  sort: { field: string; type: KeyType };
  /** Fields that an index entry carries beside the keys; `all` for the whole item. */
  projects: "all" | readonly string[];
}

export interface TableRow {
  name: TableName;
  purpose: string;
  /** Whether changes are streamed (new and old images). */
  stream: boolean;
  /** The attribute (seconds since the epoch) after which an item counts as gone. */
  ttl: string;
  indexes: readonly IndexRow[];
}

/** ElectroDB marks each item with its entity and that entity's version; an index must carry both. */
const OWNERSHIP = ["__edb_e__", "__edb_v__"] as const;

/** Every table has the string keys `pk` and `sk`. */
export const tables = [
  {
    name: "state",
    purpose: "What the plane decides about; every change of it is an event",
    stream: true,
    ttl: "ttl",
    indexes: [
      {
        name: "ready",
        partition: { field: "ready_lane", type: "S" },
        sort: { field: "virtual_start", type: "N" },
        projects: [...OWNERSHIP, "task_id", "fence", "timeout_seconds", "released"],
      },
      {
        name: "due",
        partition: { field: "due_bucket", type: "S" },
        sort: { field: "due_at", type: "N" },
        projects: [...OWNERSHIP],
      },
      {
        name: "list",
        partition: { field: "list", type: "S" },
        sort: { field: "list_at", type: "S" },
        projects: [...OWNERSHIP],
      },
    ],
  },
  {
    name: "pulse",
    purpose:
      "What is written often and nobody reacts to, and what expires: heartbeats, hints, the event log, idempotency keys",
    stream: false,
    ttl: "ttl",
    indexes: [
      {
        name: "log",
        partition: { field: "log_bucket", type: "S" },
        sort: { field: "log_at", type: "S" },
        projects: "all",
      },
    ],
  },
] as const satisfies readonly TableRow[];

export type QueueName =
  | "dispatch"
  | "timers"
  | "task-dead-letters"
  | "relay-parked"
  | "settle-task"
  | "advance-ticket"
  | "enter-phase";

export interface QueueRow {
  name: QueueName;
  purpose: string;
  /** Receives before a message goes to the queue's own dead-letter queue `<name>-dlq`; absent where the queue is itself one. */
  max_receives?: number;
}

export const queues = [
  { name: "dispatch", purpose: "Hints that a task became ready: {task_id, version}", max_receives: 3 },
  { name: "timers", purpose: "Due rows and commands, delayed by up to 15 minutes", max_receives: 5 },
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
  { name: "relay-parked", purpose: "Stream records that the relay could not read or send, whole" },
] as const satisfies readonly QueueRow[];

export type FunctionName =
  | "api-agents"
  | "api-control"
  | "relay"
  | "figures"
  | "settle-task"
  | "advance-ticket"
  | "enter-phase"
  | "dispatch"
  | "timers"
  | "sweep";

/** `read`: get, batch get, query. `write`: put, update, delete, batch write, and condition checks within transactions. */
export type Grant =
  | { table: TableName; actions: readonly ("read" | "write")[] }
  | { queue: QueueName; actions: readonly "send"[] }
  | { bus: "main"; actions: readonly "publish"[] }
  | { secret: SecretName; actions: readonly "read"[] };

export type SecretName = "token-keys";

export interface FunctionRow {
  name: FunctionName;
  purpose: string;
  /** File with an exported `handler`, from the root of the repository. */
  entry: string;
  memory_mb: number;
  timeout_seconds: number;
  may: readonly Grant[];
}

const STATE_AND_PULSE = [
  { table: "state", actions: ["read", "write"] },
  { table: "pulse", actions: ["read", "write"] },
] as const satisfies readonly Grant[];
const SET_TIMERS = { queue: "timers", actions: ["send"] } as const satisfies Grant;
const READ_TOKEN_KEYS = { secret: "token-keys", actions: ["read"] } as const satisfies Grant;

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
    may: [...STATE_AND_PULSE, SET_TIMERS, READ_TOKEN_KEYS],
  },
  {
    name: "api-control",
    purpose: "Everything that people and services ask for",
    entry: "functions/http/control.ts",
    memory_mb: 1024,
    timeout_seconds: 29,
    may: [...STATE_AND_PULSE, SET_TIMERS, READ_TOKEN_KEYS],
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
    ],
  },
  {
    name: "figures",
    purpose: "Stream records to depth and first entry of each lane",
    entry: "functions/streams/figures.ts",
    memory_mb: 256,
    timeout_seconds: 60,
    may: [{ table: "pulse", actions: ["read", "write"] }],
  },
  consumer("settle-task", "Releases or blocks what waits for a task that ended, and judges its ticket's gate"),
  consumer("advance-ticket", "Judges the gate and moves the ticket on"),
  consumer("enter-phase", "Makes the tasks of the phase entered, cancels those of the phase left"),
  {
    name: "dispatch",
    purpose: "Tells idle agents of a ready task",
    entry: "functions/queues/dispatch.ts",
    memory_mb: 512,
    timeout_seconds: 30,
    may: [
      { table: "state", actions: ["read"] },
      { table: "pulse", actions: ["read"] },
    ],
  },
  {
    name: "timers",
    purpose: "Does what is due: leases, timeouts, back-off, registrations, batches",
    entry: "functions/timers/due.ts",
    memory_mb: 512,
    timeout_seconds: 60,
    may: [...STATE_AND_PULSE, SET_TIMERS],
  },
  {
    name: "sweep",
    purpose: "Each minute: sends what is due and left over, compiles lanes again",
    entry: "functions/schedules/sweep.ts",
    memory_mb: 512,
    timeout_seconds: 55,
    may: [...STATE_AND_PULSE, SET_TIMERS],
  },
];

export interface StreamReaderRow {
  function: FunctionName;
  table: TableName;
  /** Lambda filter patterns on the stream record; any of them lets it through. */
  filters: readonly Record<string, unknown>[];
  batch_size: number;
  window_seconds: number;
  /** Batches of one shard worked on at once. */
  parallel: number;
  retries: number;
  max_age_seconds: number;
}

const exists = { S: [{ exists: true }] };

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
    retries: 10,
    max_age_seconds: 3600,
  },
  {
    function: "figures",
    table: "state",
    filters: [
      { eventName: ["INSERT", "MODIFY"], dynamodb: { NewImage: { ready_lane: exists } } },
      { eventName: ["MODIFY"], dynamodb: { OldImage: { ready_lane: exists } } },
    ],
    batch_size: 500,
    window_seconds: 1,
    parallel: 1,
    retries: 10,
    max_age_seconds: 3600,
  },
] as const satisfies readonly StreamReaderRow[];

export type ConsumerName = "settle-task" | "advance-ticket" | "enter-phase";

export interface ConsumerRow {
  name: ConsumerName;
  /** Event types (`detail-type`) that the rule on the bus lets through to the consumer's queue of the same name. */
  events: readonly string[];
  batch_size: number;
}

export const consumers = [
  {
    name: "settle-task",
    events: ["task.completed", "task.failed", "task.cancelled", "task.retry_scheduled"],
    batch_size: 10,
  },
  { name: "advance-ticket", events: ["ticket.artifact_added", "ticket.unblocked"], batch_size: 10 },
  { name: "enter-phase", events: ["ticket.phase_changed", "ticket.cancelled"], batch_size: 5 },
] as const satisfies readonly ConsumerRow[];

export interface ForwardRow {
  name: string;
  events: readonly string[];
  queue: QueueName;
  /** The message's members and the paths in the bus event that they are taken from (an EventBridge input transformer). */
  message: Readonly<Record<string, string>>;
}

/** Rules that send a part of an event straight into a queue, without a function between. */
export const forwards = [
  {
    name: "dispatch",
    events: ["task.ready"],
    queue: "dispatch",
    message: { task_id: "$.detail.subject.id", version: "$.detail.data.version" },
  },
  {
    name: "task-dead-letters",
    events: ["task.dead_lettered"],
    queue: "task-dead-letters",
    message: { task_id: "$.detail.data.task_id", attempt: "$.detail.data.attempt", error: "$.detail.data.error" },
  },
] as const satisfies readonly ForwardRow[];

export interface QueueReaderRow {
  queue: QueueName;
  function: FunctionName;
  batch_size: number;
}

/** Queues read by a function, each reporting partial batch failures. Visibility is six times the function's timeout. */
export const queueReaders: readonly QueueReaderRow[] = [
  ...consumers.map((row) => ({ queue: row.name, function: row.name, batch_size: row.batch_size })),
  { queue: "dispatch", function: "dispatch", batch_size: 10 },
  { queue: "timers", function: "timers", batch_size: 10 },
];

export interface ScheduleRow {
  name: string;
  function: FunctionName;
  /** An EventBridge schedule expression. */
  expression: string;
}

export const schedules = [
  { name: "sweep", function: "sweep", expression: "rate(1 minute)" },
] as const satisfies readonly ScheduleRow[];

export interface HttpRow {
  function: FunctionName;
  /** API Gateway route key: `METHOD /path`, or `$default`. */
  route: string;
}

/** The agents' hot path has its own function; all else goes to the control function. */
export const http: readonly HttpRow[] = [
  { function: "api-agents", route: "POST /api/v1/tasks/claim" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/progress" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/complete" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/fail" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/release" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/artifacts" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/wait" },
  { function: "api-agents", route: "POST /api/v1/agents/{agent_id}/heartbeat" },
  { function: "api-agents", route: "POST /api/v1/agents/{agent_id}/token" },
  { function: "api-control", route: "$default" },
];

/** Where a stage keeps its things: names, URLs and parameter paths by the names used here. */
export interface Places {
  stage: string;
  region: string;
  tables: Readonly<Record<TableName, string>>;
  queue_urls: Readonly<Record<QueueName, string>>;
  bus: string;
  /** Names of SSM SecureString parameters, or `file:` paths on one machine. */
  secrets: Readonly<Record<SecretName, string>>;
}

const variable = (prefix: string, name: string) => `OMOI_${prefix}_${name.toUpperCase().replaceAll("-", "_")}`;

export const environmentNames = {
  stage: "OMOI_STAGE",
  table: (name: TableName) => variable("TABLE", name),
  queue: (name: QueueName) => variable("QUEUE", name),
  bus: "OMOI_BUS",
  secret: (name: SecretName) => variable("SECRET", name),
} as const;

/** The environment variables of a function: its stage, and the places of just those things that its row grants. */
export function environmentOf(row: FunctionRow, places: Places): Record<string, string> {
  const variables: Record<string, string> = { [environmentNames.stage]: places.stage };
  for (const grant of row.may) {
    if ("table" in grant) variables[environmentNames.table(grant.table)] = places.tables[grant.table];
    if ("queue" in grant) variables[environmentNames.queue(grant.queue)] = places.queue_urls[grant.queue];
    if ("bus" in grant) variables[environmentNames.bus] = places.bus;
    if ("secret" in grant) variables[environmentNames.secret(grant.secret)] = places.secrets[grant.secret];
  }
  return variables;
}
