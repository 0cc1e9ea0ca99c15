import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId } from "@omoios/kernel/ids";
import type { LadderMarks, Letter } from "./agents/life-rows.ts";
import type { Beat, BeatOutcome, PulseRow } from "./agents/model.ts";
import type { EventDraft, RequestContext } from "./commit.ts";
import type { RowKind, RowOf } from "./rows.ts";
import type { ReadyEntry, TaskRow } from "./tasks/model.ts";

/** What a row is found by. The last name may be left out of a page's key, which then reads the whole partition. */
interface Keys {
  ticket: "ticket_id";
  ticket_body: "ticket_id";
  brief: "ticket_id";
  ticket_note: "ticket_id" | "at";
  artifact: "ticket_id" | "type" | "path_hash";
  artifact_revision: "ticket_id" | "type" | "path_hash" | "revision";
  visit: "ticket_id" | "visit";
  gate: "ticket_id";
  task: "task_id";
  task_body: "ticket_id" | "n";
  task_note: "task_id" | "from";
  open_task: "ticket_id" | "phase_id" | "n";
  edge: "dependency_id" | "dependent_id";
  attempt: "task_id" | "fence" | "orphan";
  dead_letter: "dead_letter_id";
  batch: "batch_id";
  lane: "lane";
  agent_class: "class_id";
  pair: "class_id" | "lane";
  agent: "agent_id";
  agent_profile: "agent_id";
  agent_key: "key_id";
  agent_delivery: "agent_id";
  agent_evidence: "agent_id";
  agent_archive: "agent_id";
  message: "message_id";
  api_key: "key_id";
  audit_root: "n";
  pause: never;
  switches: "room";
  fleet: never;
  alert: "fingerprint";
  alert_occurrence: "alert_id";
  alert_group: "group_id";
  alert_member: "group_id" | "fingerprint";
  alert_source: "fingerprint";
  alert_delivery: "delivery_id";
  undelivered: "notification_id";
  receiver_test: "receiver";
  silence: "silence_id";
  alert_rule: "name";
  anomaly: "anomaly_id";
  remediation: "remediation_id";
  remediation_line: "line";
  remediation_fleet: "policy";
  intervention: "action_id";
  intervention_slot: "n";
  intervention_mark: "mark_id";
}

export type KeyOf<K extends RowKind> = { [N in Keys[K]]: N extends keyof RowOf<K> ? RowOf<K>[N] : string };

/** The members that a row may lack. */
type OptionalOf<R> = keyof { [N in keyof R as undefined extends R[N] ? N : never]: true };

/** What a caller asks of a list. */
export interface PageRequest {
  limit: number;
  /** Opaque, from the page before. */
  cursor?: string | undefined;
}

export interface PageOptions extends Partial<PageRequest> {
  newest_first?: boolean;
}

export interface Page<T> {
  rows: T[];
  cursor: string | undefined;
}

/** A page of a list, and the cursor that goes on behind any of its rows. */
export interface ListPage<T> extends Page<T> {
  after(row: number): string;
}

/**
 * Lists that cross partitions, by the name under which their rows enter them. `class#…`, `push` and `agents#failed` are ordered by
 * agents' ids, `deliveries#…` by theirs, all others by the time of the rows' making, or of what they tell of.
 */
export type ListName =
  | `tickets#${"open" | "ended"}`
  | "agents"
  | "agents#failed"
  | "push"
  | `class#${string}`
  | `dead_letters#${"open" | "redriven"}`
  | `alerts#${"active" | "resolved" | "past"}`
  | `deliveries#${string}`
  | `undelivered#${"open" | "redriven"}#${string}`
  | "anomalies"
  | `remediations#${"open" | "ended"}`
  | "interventions"
  | "api_keys";

/**
 * Reads of the state table. All but `list` are strongly consistent: what was committed before is seen. A row past its `ttl` counts as gone.
 */
export interface Store {
  get<K extends RowKind>(kind: K, key: KeyOf<K>): Promise<RowOf<K> | undefined>;
  /** The rows that exist, in no promised order; any number of keys. */
  getMany<K extends RowKind>(kind: K, keys: readonly KeyOf<K>[]): Promise<RowOf<K>[]>;
  /** A page of one partition in the order of its sort key. 100 rows unless limited. */
  page<K extends RowKind>(kind: K, partition: Partial<KeyOf<K>>, options?: PageOptions): Promise<Page<RowOf<K>>>;
  /** Every row of a partition; for those that are bounded by nature. What the reader has no use for can be left out. */
  all<K extends RowKind>(
    kind: K,
    partition: Partial<KeyOf<K>>,
    options?: { without?: readonly OptionalOf<RowOf<K>>[] },
  ): Promise<RowOf<K>[]>;
  /** A page of a list. What came a moment ago may be missing; what left is not shown. */
  list<K extends RowKind>(kind: K, name: ListName, options?: PageOptions): Promise<ListPage<RowOf<K>>>;
}

/** What a claim writes into a task, decided without having read its row. */
export interface Take {
  /** `assigned` waits to be accepted: its attempt has not begun. */
  status: "running" | "assigned";
  agent_id: string;
  fence: number;
  attempts: 0 | 1;
  lease_expires_at: Instant;
  due_at: Instant;
  events: readonly EventDraft[];
}

/** A claim's view of the ready tasks. */
export interface ReadyLanes {
  /** At most `limit` entries of one shard (`lane#shard`), earliest virtual start first, from one on where it is named; may be a moment old. */
  page(ready_lane: string, limit: number, from?: Instant): Promise<ReadyEntry[]>;
  /**
   * Takes the task if it is still ready under the fence that the entry shows: one conditional update. `undefined` when another was faster.
   * A take whose answer was lost is seen as taken: the row then holds this agent under this fence.
   */
  take(ctx: RequestContext, entry: ReadyEntry, take: Take): Promise<TaskRow | undefined>;
  /** The task's body and its ticket's brief, in one request; they may be a moment old, but are never missing for that. */
  briefing(task: TaskRow): Promise<{ body: RowOf<"task_body">; brief: RowOf<"brief"> }>;
}

/** Rows that are due. */
export interface DueRows {
  /** How many shards each bucket has. */
  readonly shards: number;
  /** How many minutes a bucket spans; the first of them is a multiple of this, and the bucket's name. */
  readonly bucket_minutes: number;
  /** A page of one bucket's rows that are due at or before `until`, the longest due first; may be a moment old. */
  page(bucket: { minute: number; shard: number }, until: Instant, options?: PageOptions): Promise<Page<TimerMessage>>;
}

/** Writes the rows of a batch before it is valid, at most 500 tasks with their edges. May be repeated. */
export interface Staging {
  write(rows: readonly { kind: RowKind; row: RowOf<RowKind> }[], now: Instant): Promise<void>;
  remove(rows: readonly { kind: RowKind; row: RowOf<RowKind> }[]): Promise<void>;
}

/** Per lane shard: how many tasks stand there and where the first does. A hint: it may be wrong in both directions. */
export interface LaneHint {
  lane: string;
  shards: { shard: number; depth: number; first: Instant | undefined }[];
}

export interface LaneHints {
  read(lanes: readonly string[]): Promise<Map<string, LaneHint>>;
  /** Sets shards to what was seen there: some work that begins at `first`, or none. */
  mend(lane: string, shards: readonly { shard: number; first: Instant | undefined }[]): Promise<void>;
  /** Forgets a lane that is gone. */
  forget(lane: string): Promise<void>;
}

/** Numbers that are never given twice. */
export interface Counters {
  next(name: string): Promise<number>;
  /** The last number given; 0 where none was. */
  last(name: string): Promise<number>;
}

/** Where something got to: a sweep's minute. */
export interface Positions {
  load(name: string): Promise<number | undefined>;
  save(name: string, at: number): Promise<void>;
  /** Sets what stands at `from` (`undefined`: what was never set) and answers whether it did: of several that move it, one does. */
  move(name: string, from: number | undefined, to: number): Promise<boolean>;
}

/** Agents' last beats, in the table without stream. */
export interface PulseStore {
  get(agent_id: AgentId): Promise<PulseRow | undefined>;
  /** The rows that exist, in no promised order; any number of agents. */
  getMany(agent_ids: readonly AgentId[]): Promise<PulseRow[]>;
  /** Every row, of all partitions: agents that live, and registrations that may. Up to a moment old. */
  living(): Promise<PulseRow[]>;
  /** Makes the row of an agent before its first beat; with a `ttl`, so that it goes unless that beat comes. */
  open(row: PulseRow): Promise<void>;
  /**
   * Writes a beat in one conditional write, if its number is newer and the epoch is the row's. Each task that it leaves out is counted
   * once more; the counts of all others are forgotten.
   */
  beat(beat: Beat): Promise<BeatOutcome>;
  /** Puts messages into an agent's box, if it has beaten and got messages no more often since it was read. Answers whether it did. */
  post(read: PulseRow, box: { mail: readonly Letter[]; mail_last: number }): Promise<boolean>;
  /** Notes the number up to which an agent has its messages. A lower one changes nothing. */
  acknowledge(agent_id: AgentId, acked: number): Promise<void>;
  /** Counts a beat whose number was seen before. */
  replayed(agent_id: AgentId): Promise<void>;
  /** Makes beats of earlier epochs void. */
  raiseEpoch(agent_id: AgentId, epoch: number): Promise<void>;
  /** Removes the row of an agent that has ended. */
  close(agent_id: AgentId): Promise<void>;
}

/** What the judgement of heartbeats remembers. */
export interface LadderStore {
  load(): Promise<LadderMarks | undefined>;
  save(marks: LadderMarks): Promise<void>;
}

/** Assertions can be used once. */
export interface UsedAssertions {
  /** Whether this was the first use. */
  use(agent_id: string, jti: string, ends_at: Instant): Promise<boolean>;
}

/** Messages of the plane to itself, delayed by up to 15 minutes. A lost one is sent again by the sweep. */
export interface Timers {
  set(messages: readonly TimerMessage[], now: Instant): Promise<void>;
}
