import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { tables } from "@omoios/contracts/tables";
import type { IndexRow, TableName, TableRow } from "@omoios/contracts/topology-types";

/** Makes the topology's tables under the names given; a table that exists stays as it is. */
export async function createTables(client: DynamoDBClient, names: Readonly<Record<TableName, string>>): Promise<void> {
  for (const row of tables) await createTable(client, row, names[row.name]);
}

async function createTable(client: DynamoDBClient, row: TableRow, name: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(definition(row, name)));
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  const TimeToLiveSpecification = { AttributeName: row.ttl, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}

function definition(row: TableRow, name: string): CreateTableCommandInput {
  const fields = new Map<string, "S" | "N">([
    ["pk", "S"],
    ["sk", "S"],
    ...row.indexes.flatMap(({ partition, sort }) => [keyField(partition), keyField(sort)]),
  ]);
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: Array.from(fields, ([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: keySchema("pk", "sk"),
    ...(row.indexes.length > 0 && { GlobalSecondaryIndexes: row.indexes.map(index) }),
    ...(row.stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } }),
  };
}

const keyField = ({ field, type }: { field: string; type: "S" | "N" }): [string, "S" | "N"] => [field, type];

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: "HASH" as const },
  { AttributeName: sort, KeyType: "RANGE" as const },
];

function index({ name, partition, sort, projects }: IndexRow): GlobalSecondaryIndex {
  return {
    IndexName: name,
    KeySchema: keySchema(partition.field, sort.field),
    Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: [...projects] },
  };
}
