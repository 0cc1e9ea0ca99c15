import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { HeldSlot, ReceiverHealth, ReceiverSlots } from "@omoios/domain/alerting/receiver-slots";
import { expiryInDays } from "@omoios/domain/expiry";
import type { Tables } from "./client.ts";
import { isRefusedCondition } from "./errors.ts";
import type { Item } from "./rows.ts";

const partitionOf = (receiver: string) => `receiver#${receiver}`;
const slotKey = (receiver: string, n: number) => ({ pk: partitionOf(receiver), sk: `slot#${n}` });
const healthKey = (receiver: string) => ({ pk: partitionOf(receiver), sk: "health" });

/** A row goes long after its moment counts no more. */
const KEPT_DAYS = 1;

/** The tries under way to receivers, an item each, in the table without stream. */
export function receiverSlotsOn({ client, pulse: TableName, sleep }: Tables): ReceiverSlots {
  return {
    sleep,

    async load(receiver) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": partitionOf(receiver) },
        }),
      );
      const slots = Items.flatMap(({ n, since, until }): HeldSlot[] =>
        n === undefined ? [] : [{ n: Number(n), since: Number(since), until: Number(until) }],
      );
      const { failures = 0, last_failure }: Partial<ReceiverHealth> = Items.find(({ sk }) => sk === "health") ?? {};
      return { slots, failures, ...(failures > 0 && { failed_at: last_failure?.at }) };
    },

    async take(receiver, slot, holder, now) {
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item: { ...slotKey(receiver, slot.n), ...slot, holder, ttl: expiryInDays(slot.until, KEPT_DAYS) },
            ConditionExpression: "attribute_not_exists(pk) OR #until <= :now OR holder = :holder",
            ExpressionAttributeNames: { "#until": "until" },
            ExpressionAttributeValues: { ":now": now, ":holder": holder },
          }),
        );
        return true;
      } catch (error) {
        if (isRefusedCondition(error)) return false;
        throw error;
      }
    },

    async free(receiver, n, holder) {
      try {
        await client.send(
          new DeleteCommand({
            TableName,
            Key: slotKey(receiver, n),
            ConditionExpression: "holder = :holder",
            ExpressionAttributeValues: { ":holder": holder },
          }),
        );
      } catch (error) {
        if (!isRefusedCondition(error)) throw error;
      }
    },

    async health(receiver) {
      const { Item = {} } = await client.send(
        new GetCommand({ TableName, Key: healthKey(receiver), ConsistentRead: true }),
      );
      const { failures = 0, last_success_at, last_failure } = Item as Partial<ReceiverHealth>;
      return { failures, last_success_at, last_failure };
    },

    async judged(receiver, { at, delivered, well, detail }, ttl) {
      const sets: Item = {
        ttl,
        ...(delivered ? { last_success_at: at } : { last_failure: { at, detail } }),
        ...(well === true ? { failures: 0 } : {}),
      };
      const names = Object.keys(sets);
      await client.send(
        new UpdateCommand({
          TableName,
          Key: healthKey(receiver),
          UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}${well === false ? " ADD failures :one" : ""}`,
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(names.map((name) => [`:${name}`, sets[name]])),
            ...(well === false ? { ":one": 1 } : {}),
          },
        }),
      );
    },
  };
}
