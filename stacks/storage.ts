import { type App, CfnOutput, RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
} from "aws-cdk-lib/aws-dynamodb";
import { tables } from "../packages/contracts/src/tables.ts";
import type { IndexRow, KeyType, TableName, TableRow } from "../packages/contracts/src/topology-types.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";

const keyAttribute = (field: string, type: KeyType): Attribute => ({
  name: field,
  type: type === "N" ? AttributeType.NUMBER : AttributeType.STRING,
});

/** The tables, their indexes and the stream. Every table can be restored to any second of the last 35 days. */
export class StorageStack extends PlaneStack {
  private readonly streams = new Map<TableName, string>();

  constructor(app: App, stage: Stage) {
    super(app, stage, "storage", "tables and indexes");
    for (const row of tables) this.addTable(row);
  }

  /** The stream of a table; its ARN holds the time it was made, so it is the one thing that no name leads to. */
  streamArnOf(name: TableName): string {
    const arn = this.streams.get(name);
    if (!arn) throw new Error(`The topology reads the stream of the table "${name}", whose row has none.`);
    return arn;
  }

  private addTable(row: TableRow): void {
    const { names, settings } = this.stage;
    const units = capacityOf(settings.provisioned_capacity[row.name]);
    const table = new Table(this, row.name, {
      tableName: names.table(row.name),
      partitionKey: keyAttribute("pk", "S"),
      sortKey: keyAttribute("sk", "S"),
      billingMode: units ? BillingMode.PROVISIONED : BillingMode.PAY_PER_REQUEST,
      ...units,
      timeToLiveAttribute: row.ttl,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: settings.deletion_protection,
      // A table that was made by a deployment that failed is deleted all the same, so that the next one can make it again.
      removalPolicy:
        settings.removal_policy === "retain" ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
      ...(row.stream ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
    });
    for (const index of row.indexes) table.addGlobalSecondaryIndex({ ...indexOf(index), ...units });
    if (table.tableStreamArn) this.streams.set(row.name, table.tableStreamArn);
    new CfnOutput(this, `${row.name}-table`, { value: table.tableName, description: row.purpose });
  }
}

const capacityOf = (capacity: { read_units: number; write_units: number } | undefined) =>
  capacity && { readCapacity: capacity.read_units, writeCapacity: capacity.write_units };

function indexOf(row: IndexRow) {
  return {
    indexName: row.name,
    partitionKey: keyAttribute(row.partition.field, row.partition.type),
    sortKey: keyAttribute(row.sort.field, row.sort.type),
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: [...row.projects],
  };
}
