import { type Image, keyText } from "./changes.ts";

interface Write {
  TableName?: string;
  Key?: Image;
  Item?: Image;
  RequestItems?: Record<string, { PutRequest?: { Item: Image }; DeleteRequest?: { Key: Image } }[]>;
  TransactItems?: Partial<Record<"Put" | "Update" | "Delete", Write>>[];
}

/** The keys of a table's items that a request may write to: none for one that only reads. */
export function writtenKeys(operation: string, input: Write, table: string): string[] {
  switch (operation) {
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
      return keyIn(input, table);
    case "TransactWriteItems":
      return (input.TransactItems ?? []).flatMap(({ Put, Update, Delete }) => keyIn(Put ?? Update ?? Delete, table));
    case "BatchWriteItem":
      return (input.RequestItems?.[table] ?? []).flatMap(({ PutRequest, DeleteRequest }) =>
        keyIn({ TableName: table, ...PutRequest, ...DeleteRequest }, table),
      );
    default:
      return [];
  }
}

function keyIn(write: Write | undefined, table: string): string[] {
  const keys = write?.Key ?? write?.Item;
  return keys === undefined || write?.TableName !== table ? [] : [keyText(keys)];
}
