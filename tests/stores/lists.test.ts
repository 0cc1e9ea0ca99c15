import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { itemOf } from "@omoios/adapters/dynamodb/rows";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import type { DeadLetterRow } from "@omoios/domain/tasks/model";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { beforeEach, expect, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { NOW, taskRow } from "../harness/task-row.ts";

const OPEN = "dead_letters#open";
const random = seededRandom(11);
let tables: Tables;
beforeEach(async () => {
  const started = await withTables();
  tables = started.tables;
  return () => started.stop();
});

const store = (of: Tables = tables) => storeOn(of, { now: () => NOW });

function letter(n: number): DeadLetterRow {
  const { task_id, ticket_id, phase_id } = taskRow();
  const error = { attempt: 1, message: "full", kind: "permanent" as const, at: NOW };
  const dead_letter_id = newId("deadLetter", random);
  return { version: 1, dead_letter_id, task_id, ticket_id, phase_id, attempt: 1, error, status: "open", at: NOW + n };
}

async function put(...letters: DeadLetterRow[]): Promise<void> {
  for (const row of letters) {
    await tables.client.send(new PutCommand({ TableName: tables.state, Item: itemOf("dead_letter", row, NOW) }));
  }
}

/** The tables as a reader sees them whose index stands still: its lists are those of this moment. */
async function withOldIndex(): Promise<Tables> {
  const old = await tables.client.send(
    new QueryCommand({
      TableName: tables.state,
      IndexName: "list",
      KeyConditionExpression: "#list = :list",
      ExpressionAttributeNames: { "#list": "list" },
      ExpressionAttributeValues: { ":list": OPEN },
    }),
  );
  const { client } = tables;
  const send = (command: Parameters<typeof client.send>[0]) =>
    command instanceof QueryCommand ? Promise.resolve(old) : client.send(command);
  return { ...tables, client: Object.assign(Object.create(client), { send }) };
}

test("what has left a list is not shown there, however old the index is", async () => {
  const [left, stays] = [letter(1), letter(2)];
  await put(left, stays);
  const behind = await withOldIndex();
  await put({ ...left, status: "redriven" });
  expect((await store(behind).list("dead_letter", OPEN)).rows).toEqual([stays]);
});

test("a list goes on behind any of its rows, whether that row still stands there or not", async () => {
  const letters = [letter(1), letter(2), letter(3), letter(4)];
  await put(...letters);
  const { rows, after } = await store().list("dead_letter", OPEN, { newest_first: true });
  expect(rows).toEqual(letters.toReversed());
  const cursor = after(1);
  await put(...letters.slice(2, 3).map((row) => ({ ...row, status: "redriven" as const })));
  const page = await store().list("dead_letter", OPEN, { cursor, newest_first: true });
  expect(page.rows).toEqual(letters.slice(0, 2).toReversed());
});
