import { kindOf, rowOf } from "@omoios/adapters/dynamodb/rows";
import type { AgentRow } from "@omoios/domain/agents/model";
import type { RowKind, RowOf } from "@omoios/domain/rows";
import type {
  AttemptRow,
  BatchRow,
  DeadLetterRow,
  EdgeRow,
  OpenTaskRow,
  TaskBodyRow,
  TaskRow,
} from "@omoios/domain/tasks/model";
import type { TicketRow } from "@omoios/domain/tickets/model";
import type { Instant } from "@omoios/kernel/clock";
import { type Image, plain } from "@omoios/simulation/wire/changes";

/** The state table's rows, by what they are. */
export interface Rows {
  tasks: Map<string, TaskRow>;
  bodies: Map<string, TaskBodyRow>;
  tickets: Map<string, TicketRow>;
  edges: EdgeRow[];
  attempts: AttemptRow[];
  open_tasks: OpenTaskRow[];
  batches: BatchRow[];
  agents: AgentRow[];
  dead_letters: DeadLetterRow[];
  due: { kind: RowKind; key: string; due_at: Instant }[];
}

interface Entry {
  kind: RowKind | undefined;
  row: unknown;
  key: string;
  due_at: Instant | undefined;
}

const read = new WeakMap<Image, Entry>();

/** What an image says; each is read once. */
function entryOf(image: Image): Entry {
  const known = read.get(image);
  if (known !== undefined) return known;
  const item = plain(image) ?? {};
  const kind = kindOf(item);
  const row = kind === undefined ? undefined : rowOf(kind, item);
  const entry = { kind, row, key: String(item.pk), due_at: item.due_at as Instant | undefined };
  read.set(image, entry);
  return entry;
}

export function rowsOf(images: Iterable<Image>): Rows {
  const entries = Array.from(images, entryOf);
  const all = <K extends RowKind>(kind: K): RowOf<K>[] =>
    entries.filter((entry) => entry.kind === kind).map(({ row }) => row as RowOf<K>);
  const by = <T>(rows: T[], idOf: (row: T) => string) => new Map(rows.map((row) => [idOf(row), row]));
  return {
    tasks: by(all("task"), ({ task_id }) => task_id),
    bodies: by(all("task_body"), ({ task_id }) => task_id),
    tickets: by(all("ticket"), ({ ticket_id }) => ticket_id),
    edges: all("edge"),
    attempts: all("attempt"),
    open_tasks: all("open_task"),
    batches: all("batch"),
    agents: all("agent"),
    dead_letters: all("dead_letter"),
    due: entries.flatMap(({ kind, key, due_at }) =>
      kind === undefined || due_at === undefined ? [] : [{ kind, key, due_at }],
    ),
  };
}
