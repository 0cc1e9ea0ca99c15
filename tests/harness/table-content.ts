import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { documentClient } from "@omoios/adapters/dynamodb/client";
import type { Plane } from "@omoios/local/plane";
import canonicalize from "canonicalize";

/** Rows of the table without stream that no caller can see, or that follow from the state: they move by themselves. */
const MOVING = [
  ...["idem", "log", "log-minutes", "log-pages", "refused", "refusals", "hint", "figures", "detector"],
  ...["agent-notes", "position", "rate"],
];
/** Left out by the table itself: there are thousands of them after some thousand calls. */
const STILL = {
  FilterExpression: MOVING.map((_, at) => `NOT (pk = :name${at} OR begins_with(pk, :within${at}))`).join(" AND "),
  ExpressionAttributeValues: Object.fromEntries(
    MOVING.flatMap((name, at) => [
      [`:name${at}`, name],
      [`:within${at}`, `${name}#`],
    ]),
  ),
};
const CALM_MS = 1_500;

/** A client of a plane's own tables. */
export const tablesClient = ({ places, endpoints }: Plane) =>
  documentClient({
    endpoint: endpoints.dynamodb,
    region: places.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });

/** What a plane has stored, as text that is equal where nothing changed. */
export function contentOf(plane: Plane) {
  const { places } = plane;
  const client = tablesClient(plane);

  const rows = async (table: string, how: object = {}) => {
    const found: Record<string, unknown>[] = [];
    for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true, ...how }))
      found.push(...(page.Items ?? []));
    return found;
  };

  const digestOf = (parts: unknown[]) =>
    createHash("sha256")
      .update(
        parts
          .map((part) => canonicalize(part))
          .sort()
          .join("\n"),
      )
      .digest("hex");

  /** Every write of a row of the state table raises its version, so key and version tell every change. */
  const state = () =>
    rows(places.tables.state, {
      ProjectionExpression: "pk, sk, #version",
      ExpressionAttributeNames: { "#version": "version" },
    });

  const snapshot = async () => digestOf([...(await state()), ...(await rows(places.tables.pulse, STILL))]);

  return {
    snapshot,

    async settled() {
      const everything = async () => digestOf([...(await state()), ...(await rows(places.tables.pulse))]);
      for (let before = await everything(), calm = 0; calm < 3; ) {
        await sleep(CALM_MS / 3);
        const after = await everything();
        calm = after === before ? calm + 1 : 0;
        before = after;
      }
      return snapshot();
    },
  };
}
