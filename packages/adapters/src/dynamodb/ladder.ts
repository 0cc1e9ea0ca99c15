import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { LadderMarks } from "@omoios/domain/agents/life-rows";
import type { LadderStore } from "@omoios/domain/store";
import type { Tables } from "./client.ts";

const KEY = { pk: "position#ladder", sk: "position" };

/** What the judgement of heartbeats remembers, in the table without stream. The last writer wins: two at a time see the same beats. */
export function ladderOn({ client, pulse: TableName }: Tables): LadderStore {
  return {
    async load() {
      const { Item } = await client.send(new GetCommand({ TableName, Key: KEY, ConsistentRead: true }));
      if (Item === undefined) return undefined;
      const { pk: _pk, sk: _sk, ...marks } = Item;
      return marks as LadderMarks;
    },
    async save(marks) {
      await client.send(new PutCommand({ TableName, Item: { ...KEY, ...marks } }));
    },
  };
}
