import type { AwsCaller } from "../aws-json.ts";

/** Where a reader stands in a shard: everything up to and with that record is done. */
export interface Position {
  /** The sequence number of the last record done; `undefined` before the first; SHARD_END when the shard is read through. */
  load(): Promise<string | undefined>;
  save(sequence: string): Promise<void>;
}

export const SHARD_END = "end";

/** A reader's position as a row of a table: pk `position#<function>`, sk `<shard>`. */
export function tablePosition(dynamodb: AwsCaller, table: string, functionName: string, shard: string): Position {
  const key = { pk: { S: `position#${functionName}` }, sk: { S: shard } };
  return {
    load: async () => {
      type Row = { Item?: { sequence?: { S: string } } };
      const { Item } = await dynamodb<Row>("GetItem", { TableName: table, Key: key, ConsistentRead: true });
      return Item?.sequence?.S;
    },
    save: async (sequence) => {
      await dynamodb("PutItem", { TableName: table, Item: { ...key, sequence: { S: sequence } } });
    },
  };
}
