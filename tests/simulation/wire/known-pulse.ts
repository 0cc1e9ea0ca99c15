import { type Image, keyText } from "./changes.ts";
import { writtenKeys } from "./written.ts";

/** What the emulator last told of the items of a table that has no stream. It holds until something is written to them. */
export interface KnownPulse {
  /** The answer to a read by key, if the emulator told it before. */
  answerTo(operation: string, input: Input): object | undefined;
  /** Takes notice of a request and its answer. */
  learn(operation: string, input: Input, body: object): void;
}

interface Input {
  TableName?: string;
  Key?: Image;
  ReturnValues?: string;
  RequestItems?: Record<string, { Keys: Image[] }>;
}

interface Told {
  Item?: Image;
  Attributes?: Image;
  Responses?: Record<string, Image[]>;
}

export function knownPulse(table: string): KnownPulse {
  /** `undefined` for an item that is not there. */
  const items = new Map<string, Image | undefined>();
  return {
    answerTo(operation, { TableName, Key, RequestItems }) {
      if (operation === "GetItem" && TableName === table && Key !== undefined && items.has(keyText(Key))) {
        const Item = items.get(keyText(Key));
        return Item === undefined ? {} : { Item };
      }
      const keys = operation === "BatchGetItem" ? RequestItems?.[table]?.Keys.map(keyText) : undefined;
      if (keys === undefined || keys.some((key) => !items.has(key))) return undefined;
      const found = keys.sort().map((key) => items.get(key));

      return { Responses: { [table]: found.filter((item) => item !== undefined) }, UnprocessedKeys: {} };
    },

    learn(operation, input, { Item, Attributes, Responses }: Told) {
      const { TableName, Key, ReturnValues, RequestItems } = input;
      if (operation === "GetItem" && TableName === table && Key !== undefined) items.set(keyText(Key), Item);
      if (operation === "BatchGetItem") {
        for (const key of RequestItems?.[table]?.Keys ?? []) items.set(keyText(key), undefined);
        for (const item of Responses?.[table] ?? []) items.set(keyText(item), item);
      }
      for (const key of writtenKeys(operation, input as object, table)) items.delete(key);
      if (operation === "UpdateItem" && TableName === table && Key !== undefined && ReturnValues === "ALL_NEW")
        if (Attributes !== undefined) items.set(keyText(Key), Attributes);
    },
  };
}
