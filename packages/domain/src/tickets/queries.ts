import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { isId } from "@omoios/kernel/ids";
import { completedOf, tasksOf } from "../tasks/reads.ts";
import { shelf, thinnedList } from "../thinned-list.ts";
import { ticketGraph } from "./graph.ts";
import type { ArtifactRow, TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { ticketView } from "./present.ts";
import { tasksOfTicket, withTasks } from "./reads.ts";

type Filter = RouteInput<"listTickets">["query"];
export type TicketQueries = ReturnType<typeof ticketQueries>;

/** The reads of the tickets room, as the API shows them. */
export function ticketQueries(parts: TicketParts) {
  const { store } = parts;
  return {
    /** Newest first; open ones before ended ones where both are asked for. */
    async list(query: Filter): Promise<RouteReply<"listTickets">> {
      const wanted = (row: TicketRow) => (passes(row, query) ? row : undefined);
      const shelves = listsFor(query.status).map((name) => shelf(store, "ticket", name, wanted));
      const { rows: found, cursor } = await thinnedList(shelves, query, ({ ticket_id }) => ticket_id);
      const bodies = new Map(
        (
          await store.getMany(
            "ticket_body",
            found.map(({ ticket_id }) => ({ ticket_id })),
          )
        ).map((body) => [body.ticket_id, body]),
      );
      const items = found.map((row) => ticketView(row, bodies.get(row.ticket_id)));
      return { items, next_cursor: cursor ?? null };
    },

    async graph(ticket: TicketRow): Promise<RouteReply<"getTicketGraph">> {
      const all = await tasksOfTicket(parts, ticket.ticket_id);
      const own = new Set<string>(all.map(({ task }) => task.task_id));
      const elsewhere = await tasksOf(
        parts,
        [...new Set(all.flatMap(({ body }) => body.depends_on))].filter((id) => !own.has(id)),
      );
      const completed = await completedOf(
        parts,
        all.map(({ body }) => body),
        [...all.map(({ task }) => task), ...elsewhere],
      );
      const nodes = all.map(({ task, body }) => ({
        task_id: task.task_id,
        title: body.title,
        phase_id: task.phase_id,
        status: task.status === "staged" ? ("pending" as const) : task.status,
        priority: task.priority,
        depends_on: body.depends_on,
      }));
      return ticketGraph(nodes, completed) as RouteReply<"getTicketGraph">;
    },

    /** The tasks that a ticket's templates made, named `<ticket>#<visit>`. */
    async tasksOfVisit(made: string): Promise<RouteReply<"generateTasks">["tasks"]> {
      const [ticket_id = "", visit = ""] = made.split("#");
      if (!isId("ticket", ticket_id)) return [];
      const generated = (await store.all("task_body", { ticket_id })).filter(({ template }) => template !== undefined);
      const tasks = await withTasks(parts, generated);
      return tasks
        .filter(({ task }) => task.visit === Number(visit))
        .map(({ task }) => ({ ref: null, task_id: task.task_id }));
    },

    /** Artifacts by the names that handing them in left: `<ticket>|<type>|<path hash>` a line. */
    async artifactsNamed(made: string): Promise<ArtifactRow[]> {
      const rows = await Promise.all(
        made.split("\n").map((line) => {
          const [ticket_id = "", type = "", path_hash = ""] = line.split("|");
          return isId("ticket", ticket_id) ? store.get("artifact", { ticket_id, type, path_hash }) : undefined;
        }),
      );
      return rows.filter((row) => row !== undefined);
    },
  };
}

function listsFor(status: Filter["status"]): ("tickets#open" | "tickets#ended")[] {
  if (status === undefined) return ["tickets#open", "tickets#ended"];
  return status === "open" || status === "blocked" || status === "pending_review"
    ? ["tickets#open"]
    : ["tickets#ended"];
}

function passes(
  row: TicketRow,
  { phase_id, status, priority, blocked, label, project, external_ref }: Filter,
): boolean {
  return (
    (phase_id === undefined || row.phase_id === phase_id) &&
    (status === undefined ||
      (status === "blocked" ? row.is_blocked : row.status === status && !(row.is_blocked && status === "open"))) &&
    (priority === undefined || row.priority === priority) &&
    (blocked === undefined || row.is_blocked === blocked) &&
    (label === undefined || row.labels.includes(label)) &&
    (project === undefined || row.project === project) &&
    (external_ref === undefined || row.external_ref === external_ref)
  );
}
