import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expiryAt } from "@omoios/domain/expiry";
import type { IdempotencyState, IdempotencyStore, IdempotentRequest } from "@omoios/domain/idempotency";
import type { Instant } from "@omoios/kernel/clock";
import type { Tables } from "./client.ts";
import { refusalOf } from "./errors.ts";
import type { Write } from "./write.ts";

const HOUR_MS = 3_600_000;

interface Mark {
  state: "running" | "done";
  body_hash: string;
  route: string;
  made?: string;
  lapses_at?: Instant;
  ttl: number;
}

const keyOf = (id: string) => ({ pk: `idem#${id}`, sk: "request" });

/** The row of a request that is done, written in the transaction of its change; the mark must still be this request's. */
export function sealOf(request: IdempotentRequest, made: string, now: Instant, hours: number, table: string) {
  return {
    Put: {
      TableName: table,
      Item: {
        ...keyOf(request.id),
        state: "done",
        route: request.route,
        body_hash: request.body_hash,
        made,
        ttl: expiryAt(now + hours * HOUR_MS),
      },
      ConditionExpression: "#state = :running AND body_hash = :hash",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":running": "running", ":hash": request.body_hash },
    },
  } satisfies Write;
}

/** Requests with an `Idempotency-Key`, in the table without stream. */
export function idempotencyIn(
  tables: Tables,
  limits: { idempotency_hours: number; idempotency_running_seconds: number },
): IdempotencyStore {
  return {
    async begin(request, now) {
      const mark = {
        state: "running",
        route: request.route,
        body_hash: request.body_hash,
        lapses_at: now + limits.idempotency_running_seconds * 1000,
        ttl: expiryAt(now + limits.idempotency_hours * HOUR_MS),
      } satisfies Mark;
      try {
        await tables.client.send(
          new PutCommand({
            TableName: tables.pulse,
            Item: { ...keyOf(request.id), ...mark },
            // Free, lapsed in the middle of a request by the same body, or past its time to live.
            ConditionExpression:
              "attribute_not_exists(pk) OR #ttl < :second OR (#state = :running AND lapses_at < :now AND body_hash = :hash)",
            ExpressionAttributeNames: { "#ttl": "ttl", "#state": "state" },
            ExpressionAttributeValues: {
              ":second": Math.floor(now / 1000),
              ":now": now,
              ":running": "running",
              ":hash": request.body_hash,
            },
          }),
        );
        return { state: "fresh" };
      } catch (error) {
        if (refusalOf(error) !== "condition") throw error;
        return stateOf(await read(tables, request.id), request, now);
      }
    },

    async keep(request, answer, now) {
      try {
        const { Put } = sealOf(request, answer, now, limits.idempotency_hours, tables.pulse);
        await tables.client.send(new PutCommand(Put));
      } catch (error) {
        if (refusalOf(error) !== "condition") throw error;
      }
    },

    async abandon(request) {
      try {
        await tables.client.send(
          new DeleteCommand({
            TableName: tables.pulse,
            Key: keyOf(request.id),
            ConditionExpression: "#state = :running",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: { ":running": "running" },
          }),
        );
      } catch (error) {
        // Done after all: the change was committed and the refusal came later.
        if (refusalOf(error) !== "condition") throw error;
      }
    },
  };
}

async function read(tables: Tables, id: string): Promise<Mark | undefined> {
  const { Item } = await tables.client.send(
    new GetCommand({ TableName: tables.pulse, Key: keyOf(id), ConsistentRead: true }),
  );
  return Item as Mark | undefined;
}

function stateOf(mark: Mark | undefined, request: IdempotentRequest, now: Instant): IdempotencyState {
  if (mark === undefined) return { state: "running", retry_after_ms: 100 };
  if (mark.body_hash !== request.body_hash || mark.route !== request.route) return { state: "reused" };
  if (mark.state === "done") return { state: "done", made: mark.made ?? "" };
  return { state: "running", retry_after_ms: Math.max(100, Math.min(1_000, (mark.lapses_at ?? now) - now)) };
}
