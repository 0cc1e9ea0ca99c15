import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { LogEntry } from "@omoios/domain/alerting/log";
import type { AlertLog, Try } from "@omoios/domain/alerting/parts";
import { shortDigest } from "@omoios/domain/digest";
import { putAll } from "./batch-write.ts";
import type { Tables } from "./client.ts";
import type { Item } from "./rows.ts";
import { startingAt, writeCursor } from "./store.ts";

/** The most tries that a notification's day has room for. */
const MOST_TRIES = 500;

const partitionOf = (alert_id: string) => `alertlog#${alert_id}`;
const triesOf = (notification_id: string) => `tries#${notification_id}`;
const order = (at: number) => String(at).padStart(15, "0");

/** The decisions about alerts and the tries of notifications, in the table without stream; each goes after its time. */
export function alertLogOn(tables: Tables): AlertLog {
  return {
    async write(entries, ttl) {
      const lines = new Map<string, number>();
      const items = entries.map((entry): Item => {
        const { alert_id, at, decision, why } = entry;
        // Among its own alert's: the same line has the same place, whatever is written beside it.
        const n = lines.get(alert_id) ?? 0;
        lines.set(alert_id, n + 1);
        const place = String(n % 1_000).padStart(3, "0");
        return {
          ...entry,
          pk: partitionOf(alert_id),
          sk: `${order(at)}#${place}#${shortDigest(decision, why)}`,
          ttl,
        };
      });
      // A batch may not name an item twice.
      const named = new Map(items.map((item) => [`${item.pk}|${item.sk}`, item]));
      await putAll(tables, [...named.values()]);
    },

    async ofAlert(alert_id, { limit = 100, cursor, newest_first = false }) {
      const list = partitionOf(alert_id);
      const answer = await startingAt(cursor, list, (start) =>
        tables.client.send(
          new QueryCommand({
            TableName: tables.pulse,
            ConsistentRead: true,
            KeyConditionExpression: "pk = :pk",
            ExpressionAttributeValues: { ":pk": list },
            ScanIndexForward: !newest_first,
            Limit: limit,
            ...start,
          }),
        ),
      );
      const last = answer.LastEvaluatedKey;
      return {
        rows: (answer.Items ?? []).map((item) => withoutKeys(item) as unknown as LogEntry),
        cursor: last === undefined ? undefined : writeCursor(last, list),
      };
    },

    async writeTry(made, ttl) {
      const item: Item = { ...made, pk: triesOf(made.notification_id), sk: String(made.attempt).padStart(6, "0"), ttl };
      await putAll(tables, [item]);
    },

    async triesOf(notification_id) {
      const answer = await tables.client.send(
        new QueryCommand({
          TableName: tables.pulse,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": triesOf(notification_id) },
          Limit: MOST_TRIES,
        }),
      );
      return (answer.Items ?? []).map((item) => withoutKeys(item) as unknown as Try);
    },
  };
}

function withoutKeys({ pk: _p, sk: _s, ttl: _t, ...rest }: Item): Item {
  return rest;
}
