import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expiryAt } from "@omoios/domain/expiry";
import type { Counters, Positions, UsedAssertions } from "@omoios/domain/store";
import type { Tables } from "./client.ts";
import { refusalOf } from "./errors.ts";

/** Numbers from one atomic counter each. A number is never given twice; one may be lost. */
export function countersOn(tables: Tables): Counters {
  return {
    async next(name) {
      const { Attributes } = await tables.client.send(
        new UpdateCommand({
          TableName: tables.pulse,
          Key: { pk: `counter#${name}`, sk: "counter" },
          UpdateExpression: "ADD #at :one",
          ExpressionAttributeNames: { "#at": "at" },
          ExpressionAttributeValues: { ":one": 1 },
          ReturnValues: "UPDATED_NEW",
        }),
      );
      return Number(Attributes?.at);
    },
    async last(name) {
      const Key = { pk: `counter#${name}`, sk: "counter" };
      const { Item } = await tables.client.send(new GetCommand({ TableName: tables.pulse, Key, ConsistentRead: true }));
      return Number(Item?.at ?? 0);
    },
  };
}

export function positionsOn(tables: Tables): Positions {
  const key = (name: string) => ({ pk: `position#${name}`, sk: "position" });
  return {
    async load(name) {
      const { Item } = await tables.client.send(
        new GetCommand({ TableName: tables.pulse, Key: key(name), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : Number(Item.at);
    },
    async save(name, at) {
      await tables.client.send(new PutCommand({ TableName: tables.pulse, Item: { ...key(name), at } }));
    },
    async move(name, from, to) {
      const stands =
        from === undefined
          ? { ConditionExpression: "attribute_not_exists(pk)" }
          : {
              ConditionExpression: "#at = :from",
              ExpressionAttributeNames: { "#at": "at" },
              ExpressionAttributeValues: { ":from": from },
            };
      try {
        await tables.client.send(
          new PutCommand({ TableName: tables.pulse, Item: { ...key(name), at: to }, ...stands }),
        );
        return true;
      } catch (error) {
        if (refusalOf(error) !== "condition") throw error;
        return false;
      }
    },
  };
}

/** Assertions that were used, until they end by themselves. */
export function usedAssertionsOn(tables: Tables): UsedAssertions {
  return {
    async use(agent_id, jti, ends_at) {
      try {
        await tables.client.send(
          new PutCommand({
            TableName: tables.pulse,
            Item: { pk: `jti#${agent_id}#${jti}`, sk: "jti", ttl: expiryAt(ends_at) },
            ConditionExpression: "attribute_not_exists(pk)",
          }),
        );
        return true;
      } catch (error) {
        if (refusalOf(error) !== "condition") throw error;
        return false;
      }
    },
  };
}
