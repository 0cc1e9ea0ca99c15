import { describe, expect, test } from "vitest";
import { tables } from "../../packages/contracts/src/tables.ts";
import { dev, prod } from "./stages.ts";
import { ofType } from "./synthesized.ts";

const tablesOf = (resources: typeof dev) =>
  new Map(ofType(resources, "AWS::DynamoDB::Table").map(([, table]) => [table.Properties.TableName, table]));

describe("tables", () => {
  test("are those of the topology", () => {
    expect([...tablesOf(dev).keys()].sort()).toEqual(tables.map((row) => `dev-omoios-${row.name}`).sort());
  });

  test.each(tables)("$name has the keys, indexes, stream and time to live of its row", (row) => {
    const { Properties } = tablesOf(dev).get(`dev-omoios-${row.name}`) ?? {};
    expect(Properties.KeySchema).toEqual([
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ]);
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: row.ttl, Enabled: true });
    expect(Properties.StreamSpecification).toEqual(row.stream ? { StreamViewType: "NEW_AND_OLD_IMAGES" } : undefined);
    const indexes = row.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: [
        { AttributeName: index.partition.field, KeyType: "HASH" },
        { AttributeName: index.sort.field, KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: [...index.projects] },
    }));
    expect(Properties.GlobalSecondaryIndexes ?? []).toEqual(indexes);
    const keys = row.indexes.flatMap((index) => [index.partition, index.sort]);
    for (const { field, type } of keys) {
      expect(Properties.AttributeDefinitions).toContainEqual({ AttributeName: field, AttributeType: type });
    }
  });

  test("can be restored to any second, and are paid by request", () => {
    for (const table of tablesOf(dev).values()) {
      expect(table.Properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      expect(table.Properties.BillingMode).toBe("PAY_PER_REQUEST");
    }
  });

  test("outlive a removal in prod, where they are protected, and go with any other stage", () => {
    for (const table of tablesOf(prod).values()) {
      // Not `Retain`: a table left by a deployment that failed would stand in the way of the next one.
      expect(table.DeletionPolicy).toBe("RetainExceptOnCreate");
      expect(table.Properties.DeletionProtectionEnabled).toBe(true);
    }
    for (const table of tablesOf(dev).values()) {
      expect(table.DeletionPolicy).toBe("Delete");
      expect(table.Properties.DeletionProtectionEnabled).toBe(false);
    }
  });
});
