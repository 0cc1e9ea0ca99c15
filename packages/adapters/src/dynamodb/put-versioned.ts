import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { Stale } from "@omoios/domain/commit";
import type { Tables } from "./client.ts";
import { isRefusedCondition } from "./errors.ts";
import type { Item, Key } from "./rows.ts";

/**
 * Puts an item into the table without stream under the version that was read, 0 for one that was not there, and raises it. Throws
 * `Stale` when another was faster.
 */
export async function putVersioned(
  { client, pulse: TableName }: Tables,
  item: Item & Key,
  version: number,
): Promise<void> {
  const Item = { ...item, version: version + 1 };
  const stands =
    version === 0
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : { ConditionExpression: "version = :version", ExpressionAttributeValues: { ":version": version } };
  try {
    await client.send(new PutCommand({ TableName, Item, ...stands }));
  } catch (error) {
    if (isRefusedCondition(error)) throw new Stale(`${item.pk} ${item.sk}`);
    throw error;
  }
}
