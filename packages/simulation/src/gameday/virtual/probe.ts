import { kindOf, rowOf } from "@omoios/adapters/dynamodb/rows";
import type { RowKind, RowOf } from "@omoios/domain/rows";
import { type Changes, plain } from "../../wire/changes.ts";
import type { Probes } from "../course.ts";

/** What stands in the state table now, counted. */
export function probe({ current }: Changes): Probes {
  const items = Array.from(current.values(), (image) => plain(image) ?? {});
  const rows = <K extends RowKind>(kind: K): RowOf<K>[] =>
    items.flatMap((item) => (kindOf(item) === kind ? (rowOf(kind, item) ?? []) : []));
  const agents = rows("agent");
  return {
    "alerts.firing": rows("alert").filter(({ state }) => state === "firing" || state === "acknowledged").length,
    "tasks.stuck": rows("task").filter(({ stuck }) => stuck === true).length,
    "tasks.dead_lettered": rows("dead_letter").filter(({ status }) => status === "open").length,
    "agents.active": agents.filter(({ status }) => status === "IDLE").length,
    "agents.failed": agents.filter(({ status }) => status === "FAILED").length,
  };
}
