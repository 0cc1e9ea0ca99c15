import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const ITEM = {
  pk: "a",
  sk: "1",
  text: 'quotes " and ümläuts, 漢字 and \u0000',
  numbers: [0, -1.5, 1e-7, 123456789012345],
  nothing: null,
  yes: true,
  map: { deep: { deeper: ["x", { y: 1 }] } },
  empty: { list: [], map: {}, text: "" },
};

let plain: DynamoDBDocumentClient;
let standard: DynamoDBDocumentClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  const made = await withTables();
  stop = made.stop;
  plain = made.tables.client;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  standard = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: made.endpoint, region: "local", credentials }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  await plain.send(new PutCommand({ TableName: "state", Item: { ...ITEM, gone: undefined } }));
});
afterAll(() => stop());

/** The same call by both, without what names the request. */
async function both<T extends object>(call: (client: DynamoDBDocumentClient) => Promise<T>) {
  const settled = await Promise.all(
    [plain, standard].map((client) =>
      call(client).then(
        (answer) => ({ ...answer, $metadata: undefined }),
        (error: Error) => ({ class: error.constructor.name, ...error, message: error.message, $metadata: undefined }),
      ),
    ),
  );
  expect(settled[0]).toEqual(settled[1]);
  return settled[0];
}

describe("a client without the SDK's codec says and reads what one with it does", () => {
  const Key = { pk: "a", sk: "1" };

  it("whole items, and none", async () => {
    expect(await both((client) => client.send(new GetCommand({ TableName: "state", Key })))).toMatchObject({
      Item: ITEM,
    });
    await both((client) => client.send(new GetCommand({ TableName: "state", Key: { pk: "b", sk: "1" } })));
    await both((client) => client.send(new PutCommand({ TableName: "state", Item: ITEM, ReturnValues: "ALL_OLD" })));
    await both((client) =>
      client.send(new BatchWriteCommand({ RequestItems: { pulse: [{ PutRequest: { Item: ITEM } }] } })),
    );
    await both((client) => client.send(new BatchGetCommand({ RequestItems: { pulse: { Keys: [Key] } } })));
  });

  it("pages, with what they consumed", async () => {
    await plain.send(new PutCommand({ TableName: "state", Item: { ...ITEM, sk: "2" } }));
    const page = await both((client) =>
      client.send(
        new QueryCommand({
          TableName: "state",
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": "a" },
          Limit: 1,
          ReturnConsumedCapacity: "TOTAL",
        }),
      ),
    );
    expect(page).toMatchObject({ Count: 1, LastEvaluatedKey: Key });
  });

  it("updates and their refusals", async () => {
    const update = (value: string) =>
      new UpdateCommand({
        TableName: "state",
        Key,
        UpdateExpression: "SET note = :note",
        ConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":note": { by: ["me"] }, ":pk": value },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
    await both((client) => client.send(update("a")));
    const refused = await both((client) => client.send(update("z")));
    expect(refused).toMatchObject({ class: "ConditionalCheckFailedException", Item: expect.anything() });
    const nowhere = new GetCommand({ TableName: "nowhere", Key });
    expect(await both((client) => client.send(nowhere))).toMatchObject({ class: "ResourceNotFoundException" });
  });

  it("transactions and why they were cancelled", async () => {
    const write = (pk: string) =>
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: "state", Item: { pk, sk: "3" } } },
          { ConditionCheck: { TableName: "state", Key, ConditionExpression: "attribute_not_exists(pk)" } },
        ],
        ClientRequestToken: "the-same",
      });
    expect(await both((client) => client.send(write("c")))).toMatchObject({
      class: "TransactionCanceledException",
      CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed" }],
    });
  });
});
