import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { type Shelf, shelf, thinnedList } from "../thinned-list.ts";
import type { Alert } from "./alert.ts";
import { withSeverity } from "./identity.ts";
import { allMatch, type Matcher, parseMatcher } from "./matcher.ts";
import type { AlertParts } from "./parts.ts";
import { alertOf } from "./rows.ts";
import { alertView, logView, tryView } from "./view.ts";

type Filter = RouteInput<"listAlerts">["query"];

/** Lines of the log that come with an alert. */
const LINES_SHOWN = 200;

/** The reads of the room, as the API shows them. */
export function alertQueries(parts: AlertParts) {
  const { log } = parts;
  return {
    /** Newest first; active ones, then resolved ones, then earlier occurrences, as far as they are asked for. */
    async list(query: Filter): Promise<RouteReply<"listAlerts">> {
      const { rows, cursor } = await thinnedList(shelvesFor(parts, query), query, ({ alert_id }) => alert_id);
      return { items: rows.map(alertView), next_cursor: cursor ?? null };
    },

    /** An occurrence, with the newest lines of its log, or those before the cursor. */
    async show(alert_id: string, log_cursor?: string): Promise<RouteReply<"getAlert">> {
      const alert = await occurrenceOf(parts, alert_id);
      const page = { limit: LINES_SHOWN, cursor: log_cursor, newest_first: true };
      const { rows, cursor } = await log.ofAlert(alert.alert_id, page);
      return { ...alertView(alert), log: rows.reverse().map(logView), log_next_cursor: cursor ?? null };
    },

    /** The notifications that an occurrence was sent in, oldest first, each with its tries. */
    async deliveries(alert_id: string, query: RouteInput<"listAlertDeliveries">["query"]) {
      const alert = await occurrenceOf(parts, alert_id);
      const { rows, cursor } = await log.ofAlert(alert.alert_id, { limit: query.limit, cursor: query.cursor });
      const ids = [...new Set(rows.flatMap(({ notification_id }) => notification_id ?? []))];
      const items = await Promise.all(
        ids.map(async (notification_id) => {
          const line = rows.find((row) => row.notification_id === notification_id);
          const tries = await log.triesOf(notification_id);
          const why = line?.why ?? "";
          return { notification_id, why, tries: tries.map((made) => ({ receiver: made.receiver, ...tryView(made) })) };
        }),
      );
      return { items, next_cursor: cursor ?? null };
    },
  };
}

/** The occurrence of that id, newest or not. Throws `alert.not_found`. */
export async function occurrenceOf({ store }: AlertParts, alert_id: string): Promise<Alert> {
  const known = isId("alert", alert_id) ? await store.get("alert_occurrence", { alert_id }) : undefined;
  const row = known && known.past === undefined ? await store.get("alert", known) : undefined;
  const alert = known?.past ?? (row && alertOf(row));
  if (alert === undefined) throw new Problem("alert.not_found", { detail: `There is no alert ${alert_id}.` });
  return alert;
}

/** The lists that hold what is asked for. */
function shelvesFor({ store }: AlertParts, query: Filter): Shelf<Alert>[] {
  const matcher = matcherOf(query.matcher);
  const wanted = (alert: Alert | undefined) =>
    alert !== undefined && passes(alert, query, matcher) ? alert : undefined;
  const active = shelf(store, "alert", "alerts#active", (row) => wanted(alertOf(row)));
  const over = [
    shelf(store, "alert", "alerts#resolved", (row) => wanted(alertOf(row))),
    shelf(store, "alert_occurrence", "alerts#past", ({ past }) => wanted(past)),
  ];
  const { state: states } = query;
  return [
    ...(states.some((state) => state !== "resolved") ? [active] : []),
    ...(states.includes("resolved") ? over : []),
  ];
}

function passes(alert: Alert, { state, severity, alertname }: Filter, matcher: Matcher | undefined): boolean {
  return (
    state.includes(alert.state) &&
    (severity === undefined || alert.severity === severity) &&
    (alertname === undefined || alert.alertname === alertname) &&
    (matcher === undefined || allMatch([matcher], withSeverity(alert)))
  );
}

function matcherOf(text: string | undefined): Matcher | undefined {
  if (text === undefined) return undefined;
  const read = parseMatcher(text);
  if (read.ok) return read.matcher;
  throw new Problem("request.invalid", { errors: [{ path: "matcher", message: read.fault }] });
}
