import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { RateBuckets } from "@omoios/domain/access/rate-limiter";
import type { Ask } from "@omoios/domain/access/token-bucket";
import { expiryAt } from "@omoios/domain/expiry";
import type { Instant } from "@omoios/kernel/clock";
import type { Tables } from "./client.ts";
import { refusalOf } from "./errors.ts";

/** A bucket that was full so long ago is as good as a new one. */
const KEPT_MS = 3_600_000;

/** Token buckets, each a row that holds the moment at which it will be full again. One conditional update takes from it. */
export function rateBucketsOn({ client, pulse: TableName }: Tables): RateBuckets {
  return {
    async take(bucket, ask, now, latest) {
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName,
            Key: { pk: `rate#${bucket}`, sk: "rate" },
            ...updateOf(ask, now, latest),
            ExpressionAttributeNames: { "#full": "full_at", "#ttl": "ttl" },
            ReturnValues: "UPDATED_NEW",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return { taken: true, full_at: Number(Attributes?.full_at) };
      } catch (error) {
        if (refusalOf(error) !== "condition") throw error;
        return { taken: false, full_at: fullAtOf(error) };
      }
    },
  };
}

function updateOf({ from, cost_ms }: Ask, now: Instant, latest: Instant) {
  const ttl = expiryAt(latest + KEPT_MS);
  if (from === "full") {
    return {
      UpdateExpression: "SET #full = :full, #ttl = :ttl",
      ConditionExpression: "attribute_not_exists(#full) OR #full <= :now",
      ExpressionAttributeValues: { ":full": now + cost_ms, ":now": now, ":ttl": ttl },
    };
  }
  return {
    UpdateExpression: "SET #full = #full + :cost, #ttl = :ttl",
    ConditionExpression: "#full BETWEEN :now AND :most",
    ExpressionAttributeValues: { ":cost": cost_ms, ":now": now, ":most": latest - cost_ms, ":ttl": ttl },
  };
}

/** The row that stood against a write, as the error carries it; a row that is gone is a full bucket. */
function fullAtOf(error: unknown): Instant {
  const { Item } = error as { Item?: { full_at?: { N?: string } } };
  return Number(Item?.full_at?.N ?? 0);
}
