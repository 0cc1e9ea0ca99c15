import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { keyOf } from "@omoios/adapters/dynamodb/rows";
import { laneOf, shardOf } from "@omoios/domain/tasks/lane";
import type { AgentId, TaskId, TicketId } from "@omoios/kernel/ids";

/** A task as the bare requests know it. */
export interface BareTask {
  task_id: TaskId;
  ticket_id: TicketId;
  n: number;
}

/** An agent's row with an attribute for the bare requests to write. */
export async function layBareAgent({ client, state }: Tables, agent_id: AgentId): Promise<void> {
  const Item = { ...keyOf("agent", { agent_id }), agent_id, slots: {}, version: 1 };
  await client.send(new PutCommand({ TableName: state, Item }));
}

/** What a claim asks of the tables, in number, kind and order, and nothing else: no token, no schema, no decision. */
export async function bareClaim(tables: Tables, agent_id: AgentId, phase_id: string): Promise<BareTask> {
  const { client, state: TableName } = tables;
  const agentKey = keyOf("agent", { agent_id });
  await client.send(new GetCommand({ TableName, Key: agentKey, ConsistentRead: true }));
  for (;;) {
    const page = await client.send(
      new QueryCommand({
        TableName,
        IndexName: "ready",
        Limit: 16,
        KeyConditionExpression: "ready_lane = :lane",
        ExpressionAttributeValues: { ":lane": shardOf(laneOf(phase_id, []), 0) },
      }),
    );
    const entries = page.Items ?? [];
    const entry = entries[Math.floor(Math.random() * entries.length)];
    if (entry === undefined) throw new Error("The lane is empty");
    await writeSlot(tables, agent_id, entry.task_id);
    const task = await take(tables, entry.task_id, agent_id);
    if (task === undefined) continue;
    const Keys = [keyOf("task_body", task), keyOf("brief", task)];
    await client.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys } } }));
    return task;
  }
}

async function writeSlot({ client, state: TableName }: Tables, agent_id: AgentId, task_id?: TaskId): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName,
      Key: keyOf("agent", { agent_id }),
      UpdateExpression: "SET slots = :slots, version = version + :one",
      ConditionExpression: "version >= :one",
      ExpressionAttributeValues: { ":slots": task_id === undefined ? {} : { 0: { task_id, fence: 1 } }, ":one": 1 },
    }),
  );
}

async function take(
  { client, state: TableName }: Tables,
  task_id: TaskId,
  agent_id: AgentId,
): Promise<BareTask | undefined> {
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key: keyOf("task", { task_id }),
        UpdateExpression:
          "SET #status = :running, agent_id = :agent, fence = fence + :one, due_at = :due, due_bucket = :bucket REMOVE ready_lane",
        ConditionExpression: "#status = :ready",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":running": "running",
          ":ready": "ready",
          ":agent": agent_id,
          ":one": 1,
          ":due": Date.now(),
          ":bucket": "1#0",
        },
        ReturnValues: "ALL_NEW",
      }),
    );
    return Attributes as BareTask;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return undefined;
    throw error;
  }
}

/** What the reading of a task asks of the tables: who asks stands in the process' cache of keys. */
export async function bareRead({ client, state: TableName, pulse }: Tables, task: BareTask): Promise<void> {
  await client.send(new GetCommand({ TableName, Key: keyOf("task", task), ConsistentRead: true }));
  const { pk } = keyOf("task", task);
  const beside = (prefix: string) =>
    client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: { ":pk": pk, ":prefix": prefix },
      }),
    );
  const notes = new QueryCommand({
    TableName: pulse,
    ConsistentRead: true,
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": `log#${task.task_id}` },
    Limit: 10,
  });
  const body = new GetCommand({ TableName, Key: keyOf("task_body", task), ConsistentRead: true });
  await Promise.all([beside("attempt#"), beside("edge#"), client.send(notes), client.send(body)]);
}

/** What a completion asks of the tables. */
export async function bareComplete(tables: Tables, agent_id: AgentId, task: BareTask): Promise<void> {
  const { client, state: TableName } = tables;
  const Key = keyOf("task", task);
  for (const read of [keyOf("agent", { agent_id }), Key, keyOf("ticket", task)])
    await client.send(new GetCommand({ TableName, Key: read, ConsistentRead: true }));
  await client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Update: {
            TableName,
            Key,
            UpdateExpression: "SET #status = :completed",
            ConditionExpression: "#status = :running",
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":completed": "completed", ":running": "running" },
          },
        },
        {
          Put: { TableName, Item: { ...keyOf("attempt", { task_id: task.task_id, fence: 1, orphan: "" }), agent_id } },
        },
      ],
    }),
  );
  await writeSlot(tables, agent_id);
}
