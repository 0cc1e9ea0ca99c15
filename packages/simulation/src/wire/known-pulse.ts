import { type Image, keyText } from "./changes.ts";
import { writtenKeys } from "./written.ts";

/** What the emulator last told of the items of a table that has no stream. It holds until something is written to them. */
export interface KnownPulse {
  /** The answer to a read by key or of a whole partition, if the emulator told it before. */
  answerTo(operation: string, input: Input): object | undefined;
  /** Takes notice of a request and its answer. */
  learn(operation: string, input: Input, body: object): void;
}

interface Input {
  TableName?: string;
  Key?: Image;
  ReturnValues?: string;
  KeyConditionExpression?: string;
  ExpressionAttributeValues?: Image;
  ExclusiveStartKey?: Image;
  Limit?: number;
  ScanIndexForward?: boolean;
  RequestItems?: Record<string, { Keys: Image[] }>;
}

interface Told {
  Item?: Image;
  Attributes?: Image;
  Responses?: Record<string, Image[]>;
  LastEvaluatedKey?: Image;
}

export function knownPulse(table: string): KnownPulse {
  /** `undefined` for an item that is not there. */
  const items = new Map<string, Image | undefined>();
  /** Whole partitions, by their keys. */
  const pages = new Map<string, object>();
  return {
    answerTo(operation, input) {
      const { TableName, Key, RequestItems } = input;
      const partition = partitionOf(operation, input, table);
      if (partition !== undefined) return pages.get(partition);
      if (operation === "GetItem" && TableName === table && Key !== undefined && items.has(keyText(Key))) {
        const Item = items.get(keyText(Key));
        return Item === undefined ? {} : { Item };
      }
      const keys = operation === "BatchGetItem" ? RequestItems?.[table]?.Keys.map(keyText) : undefined;
      if (keys === undefined || keys.some((key) => !items.has(key))) return undefined;
      const found = keys.sort().map((key) => items.get(key));

      return { Responses: { [table]: found.filter((item) => item !== undefined) }, UnprocessedKeys: {} };
    },

    learn(operation, input, body) {
      const { Item, Attributes, Responses, LastEvaluatedKey } = body as Told;
      const partition = partitionOf(operation, input, table);
      if (partition !== undefined && LastEvaluatedKey === undefined) pages.set(partition, body);
      const { TableName, Key, ReturnValues, RequestItems } = input;
      if (operation === "GetItem" && TableName === table && Key !== undefined) items.set(keyText(Key), Item);
      if (operation === "BatchGetItem") {
        for (const key of RequestItems?.[table]?.Keys ?? []) items.set(keyText(key), undefined);
        for (const item of Responses?.[table] ?? []) items.set(keyText(item), item);
      }
      for (const key of writtenKeys(operation, input as object, table)) {
        items.delete(key);
        pages.delete(key.slice(0, key.indexOf("|")));
      }
      if (operation === "UpdateItem" && TableName === table && Key !== undefined && ReturnValues === "ALL_NEW")
        if (Attributes !== undefined) items.set(keyText(Key), Attributes);
    },
  };
}

/** The partition that a query reads whole, if it is such a query. */
function partitionOf(operation: string, input: Input, table: string): string | undefined {
  const { TableName, KeyConditionExpression = "", ExpressionAttributeValues = {}, ExclusiveStartKey, Limit } = input;
  const name = /^pk = (:\w+)$/.exec(KeyConditionExpression)?.[1];
  if (operation !== "Query" || TableName !== table || name === undefined || input.ScanIndexForward === false)
    return undefined;
  return ExclusiveStartKey === undefined && Limit === undefined ? ExpressionAttributeValues[name]?.S : undefined;
}
