import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Beats, SweepBeats } from "@omoios/domain/watchdog/beats";
import type { Tables } from "./client.ts";

const KEY = { pk: "position#beats", sk: "position" };

/** The beats of the sweep's parts, one item in the table without stream. */
export function beatsOn({ client, pulse: TableName }: Tables): Beats {
  return {
    async load() {
      const { Item } = await client.send(new GetCommand({ TableName, Key: KEY, ConsistentRead: true }));
      return Item?.parts as SweepBeats | undefined;
    },
    async save(parts) {
      await client.send(new PutCommand({ TableName, Item: { ...KEY, parts } }));
    },
  };
}
