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
import { type Image, plain } from "../wire/changes.ts";

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

type Item = Record<string, unknown>;

const read = new WeakMap<Image, Item>();

/** An image as an item; each is read once. */
function itemOf(image: Image): Item {
  const known = read.get(image);
  if (known !== undefined) return known;
  const item = plain(image) ?? {};
  read.set(image, item);
  return item;
}

export function rowsOf(images: Iterable<Image>): Rows {
  const items = Array.from(images, itemOf);
  const all = <K extends RowKind>(kind: K): RowOf<K>[] =>
    items.flatMap((item) => (item.__edb_e__ === kind ? (rowOf(kind, item) ?? []) : []));
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
    due: items.flatMap((item) => {
      const kind = kindOf(item);
      return kind === undefined || item.due_at === undefined
        ? []
        : [{ kind, key: String(item.pk), due_at: Number(item.due_at) }];
    }),
  };
}
