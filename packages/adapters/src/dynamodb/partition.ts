import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "./client.ts";
import type { Item } from "./rows.ts";

/** Every item of a partition of the table without stream, in its order: a megabyte to a request. Weak reads unless asked for, at half the price. */
export async function itemsOfPartition(
  { client, pulse: TableName }: Tables,
  pk: string,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: consistent,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...Items);
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
