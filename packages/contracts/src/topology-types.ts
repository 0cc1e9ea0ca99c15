export type KeyType = "S" | "N";

export interface IndexRow {
  name: string;
  partition: { field: string; type: KeyType };
  sort: { field: string; type: KeyType };
  /** Fields that an index entry carries beside the keys; `all` for the whole item. */
  projects: readonly string[];
}

export type TableName = "state" | "pulse";

export interface TableRow {
  name: TableName;
  purpose: string;
  /** Whether changes are streamed (new and old images). */
  stream: boolean;
  /** The attribute (seconds since the epoch) after which an item counts as gone. */
  ttl: string;
  indexes: readonly IndexRow[];
}

export type QueueName =
  | "dispatch"
  | "timers"
  | "deliver"
  | "alert-on-event"
  | "watchdog"
  | "intervene"
  | "notification-dead-letters"
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

export type FunctionName =
  | "api-agents"
  | "api-control"
  | "wake"
  | "relay"
  | "figures"
  | "settle-task"
  | "advance-ticket"
  | "enter-phase"
  | "dispatch"
  | "timers"
  | "deliver"
  | "alert-on-event"
  | "watchdog"
  | "intervene"
  | "sweep"
  | "audit-export";

/** `read`: get, batch get, query. `write`: put, update, delete, batch write, and condition checks within transactions. */
export type Grant =
  | { table: TableName; actions: readonly ("read" | "write")[] }
  | { queue: QueueName; actions: readonly "send"[] }
  | { bus: "main"; actions: readonly "publish"[] }
  | { secret: SecretName; actions: readonly "read"[] }
  /** The secrets that the receivers of `config/alert_routing.yaml` name. */
  | { receivers: "secrets"; actions: readonly "read"[] }
  /** SES, in the name of the stage's `mail_from`. */
  | { mail: "ses"; actions: readonly "send"[] }
  /** `name`: tell callers its address. `send`: send on its connections. */
  | { socket: SocketName; actions: readonly ("name" | "send")[] }
  /** Under the stage's own prefix, where the stage names such a bucket. */
  | { bucket: BucketName; actions: readonly "put"[] };

export type SecretName = "token-keys" | "audit-keys";

export type SocketName = "wake";

export type BucketName = "audit";

export interface FunctionRow {
  name: FunctionName;
  purpose: string;
  /** File with an exported `handler`, from the root of the repository. */
  entry: string;
  memory_mb: number;
  timeout_seconds: number;
  may: readonly Grant[];
}

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

export type ConsumerName =
  | "settle-task"
  | "advance-ticket"
  | "enter-phase"
  | "alert-on-event"
  | "watchdog"
  | "intervene";

export interface ConsumerRow {
  name: ConsumerName;
  /** Event types (`detail-type`) that the rule on the bus lets through to the consumer's queue of the same name. */
  events: readonly string[];
  batch_size: number;
}

export interface ForwardRow {
  name: string;
  events: readonly string[];
  queue: QueueName;
  /** The message's members and the paths in the bus event that they are taken from (an EventBridge input transformer). */
  message: Readonly<Record<string, string>>;
}

/** A rule on the account's default bus, whose events go to the queue whole. */
export interface DefaultBusRow {
  name: string;
  source: string;
  /** The `detail-type`. */
  event: string;
  /** What an EventBridge pattern asks of `detail`. */
  detail: Readonly<Record<string, readonly unknown[]>>;
  queue: QueueName;
}

export interface QueueReaderRow {
  queue: QueueName;
  function: FunctionName;
  batch_size: number;
}

export interface ScheduleRow {
  name: string;
  function: FunctionName;
  /** An EventBridge schedule expression. */
  expression: string;
  /** A person is told when it did not run for so long. */
  silent_after_minutes: number;
}

export interface HttpRow {
  function: FunctionName;
  /** API Gateway route key: `METHOD /path`, or `$default`. */
  route: string;
}

/** A WebSocket API. */
export interface SocketRow {
  name: SocketName;
  purpose: string;
  /** Asked at each `$connect`, told of each `$disconnect`. */
  function: FunctionName;
}
