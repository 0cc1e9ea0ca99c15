import type { Item } from "./rows.ts";

/** A row that a queue operation writes takes at most so much, with its keys and events: one write unit. */
export const HOT_ROW_BYTES = 1_000;

/** What DynamoDB counts of an item: names and values in UTF-8; a number is about a byte for two digits, and one more. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return Math.ceil(String(value).replace(/\D/g, "").length / 2) + 1;
  if (typeof value !== "object" || value === null) return 1;
  return 3 + itemBytes(value as Item) + Object.keys(value).length;
}
