import { DeleteCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { RefusalCounts } from "@omoios/domain/audit/ports";
import { expiryInDays } from "@omoios/domain/expiry";
import type { Tables } from "./client.ts";
import { isRefusedCondition } from "./errors.ts";

const MINUTE_MS = 60_000;
const PARTITION = "refusals";
/** A count that no sweep has taken up goes after so long. */
const KEPT_DAYS = 7;

/** Counts of refused callers that nobody knows, by minute and problem: they pay one write each and no entry. */
export function refusalCountsOn(tables: Tables): RefusalCounts {
  const keyOf = (minute: number, code: string) => ({
    pk: PARTITION,
    sk: `${String(minute).padStart(10, "0")}#${code}`,
  });
  return {
    async add(code, now) {
      await tables.client.send(
        new UpdateCommand({
          TableName: tables.pulse,
          Key: keyOf(Math.floor(now / MINUTE_MS), code),
          UpdateExpression: "ADD #count :one SET #ttl = :ttl",
          ExpressionAttributeNames: { "#count": "count", "#ttl": "ttl" },
          ExpressionAttributeValues: { ":one": 1, ":ttl": expiryInDays(now, KEPT_DAYS) },
        }),
      );
    },

    async past(now) {
      const answer = await tables.client.send(
        new QueryCommand({
          TableName: tables.pulse,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk AND sk < :now",
          ExpressionAttributeValues: { ":pk": PARTITION, ":now": keyOf(Math.floor(now / MINUTE_MS), "").sk },
          Limit: 100,
        }),
      );
      return (answer.Items ?? []).map(({ sk, count }) => {
        const [minute = "", code = ""] = String(sk).split("#");
        return { minute: Number(minute), code, count: Number(count) };
      });
    },

    async forget({ minute, code, count }) {
      try {
        await tables.client.send(
          new DeleteCommand({
            TableName: tables.pulse,
            Key: keyOf(minute, code),
            ConditionExpression: "#count = :count",
            ExpressionAttributeNames: { "#count": "count" },
            ExpressionAttributeValues: { ":count": count },
          }),
        );
      } catch (error) {
        // It has grown, and the next sweep tells it anew.
        if (!isRefusedCondition(error)) throw error;
      }
    },
  };
}
