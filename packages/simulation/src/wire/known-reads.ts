import { tables } from "@omoios/contracts/tables";
import type { IndexRow } from "@omoios/contracts/topology-types";
import { type Changes, type Image, keyText } from "./changes.ts";

interface Read {
  TableName?: string;
  Key?: Image;
  KeyConditionExpression?: string;
  ExpressionAttributeValues?: Image;
  ExpressionAttributeNames?: Record<string, string>;
  ProjectionExpression?: string;
  Limit?: number;
  ScanIndexForward?: boolean;
  ExclusiveStartKey?: Image;
  RequestItems?: Record<string, { Keys: Image[] }>;
}

/** One in so many of these reads is asked of the emulator all the same, and must be answered alike. */
export const COMPARED_ONE_IN = 16;

/**
 * The answer to a read of the state table, as everything that was committed tells it: it is what the emulator would say, in a fraction
 * of the time. `undefined` for what the emulator must be asked.
 */
export function knownAnswer(operation: string, read: Read, state: string, changes: Changes): object | undefined {
  if (operation === "GetItem" && read.TableName === state && read.Key !== undefined) {
    const Item = changes.current.get(keyText(read.Key));
    return Item === undefined ? {} : { Item };
  }
  if (operation === "BatchGetItem" && read.RequestItems !== undefined) {
    const { [state]: wanted, ...others } = read.RequestItems;
    if (wanted === undefined || Object.keys(others).length > 0) return undefined;
    const keys = wanted.Keys.map(keyText).sort();
    const found = keys.map((key) => changes.current.get(key)).filter((image) => image !== undefined);
    return { Responses: { [state]: found }, UnprocessedKeys: {} };
  }
  if (operation === "Query" && read.TableName === state) return knownPage(read, changes);
  return undefined;
}

/** A page that holds all there is. How the emulator cuts pages, and in what order it has items of one place, is its own business. */
function knownPage(read: Read, changes: Changes): object | undefined {
  const page = pageOf(read);
  if (page === undefined || read.ExclusiveStartKey !== undefined) return undefined;
  const found = [...changes.current.values()].filter(page.holds);
  if (found.length >= (read.Limit ?? 100)) return undefined;
  const placed = found.map((image) => ({ image, place: page.placeOf(image) }));
  if (new Set(placed.map(({ place }) => place)).size < found.length) return undefined;
  placed.sort((a, b) => (a.place < b.place ? -1 : 1));
  if (read.ScanIndexForward === false) placed.reverse();
  const Items = placed.map(({ image }) => projected(read, page.shown(image)));
  return { Count: Items.length, Items, ScannedCount: Items.length };
}

/** What the read asks for of an item, each member by a name of its own. */
function projected({ ProjectionExpression, ExpressionAttributeNames: names = {} }: Read, image: Image): Image {
  if (ProjectionExpression === undefined) return image;
  const asked = new Set(ProjectionExpression.split(", ").map((name) => names[name] ?? name));
  return Object.fromEntries(Object.entries(image).filter(([name]) => asked.has(name)));
}

interface PageOf {
  holds(image: Image): boolean;
  placeOf(image: Image): string | number;
  shown(image: Image): Image;
}

/** What is on the pages that the plane turns most; `undefined` for others. */
function pageOf({ KeyConditionExpression, ExpressionAttributeValues: values = {} }: Read): PageOf | undefined {
  const given = (name: string) => values[name]?.S ?? values[name]?.N;
  switch (KeyConditionExpression) {
    case "pk = :pk":
      return { ...TABLE, holds: ({ pk }) => pk?.S === given(":pk") };
    case "pk = :pk AND begins_with(sk, :prefix)":
      return {
        ...TABLE,
        holds: ({ pk, sk }) => pk?.S === given(":pk") && sk?.S?.startsWith(given(":prefix") ?? "") === true,
      };
    case "ready_lane = :lane":
      return { ...READY, holds: ({ ready_lane }) => ready_lane?.S === given(":lane") };
    case "#list = :list":
      return { ...LIST, holds: ({ list }) => list?.S === given(":list") };
    case "due_bucket = :bucket AND due_at <= :until":
      return {
        ...DUE,
        holds: ({ due_bucket, due_at }) =>
          due_bucket?.S === given(":bucket") && Number(due_at?.N) <= Number(given(":until")),
      };
    default:
      return undefined;
  }
}

const TABLE: Omit<PageOf, "holds"> = { placeOf: ({ sk }) => sk?.S ?? "", shown: (image) => image };
const [READY, DUE, LIST] = [
  indexed(tables[0].indexes[0]),
  indexed(tables[0].indexes[1]),
  indexed(tables[0].indexes[2]),
];

function indexed({ partition, sort, projects }: IndexRow): Omit<PageOf, "holds"> {
  const kept = new Set<string>(["pk", "sk", partition.field, sort.field, ...projects]);
  return {
    placeOf: ({ [sort.field]: place }) => (sort.type === "N" ? Number(place?.N) : (place?.S ?? "")),
    shown: (image) => Object.fromEntries(Object.entries(image).filter(([name]) => kept.has(name))),
  };
}
