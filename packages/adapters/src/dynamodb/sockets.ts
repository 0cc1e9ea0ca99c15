import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { HeldSocket, Sockets } from "@omoios/domain/agents/sockets";
import { expiryAt } from "@omoios/domain/expiry";
import type { Tables } from "./client.ts";
import { refusalOf } from "./errors.ts";
import { itemsOfPartition } from "./partition.ts";
import type { Item } from "./rows.ts";

const HELD = "sockets";

/**
 * Two rows for a connection: one under its agent, in the partition that a dispatch reads, and one that leads from the connection, which
 * is all that a disconnect knows, to the agent. Both go by themselves when the connection must have ended.
 */
export function socketsOn(tables: Tables): Sockets {
  const { client, pulse: TableName } = tables;
  const forget = async (agent_id: string, connection_id: string) => {
    try {
      await client.send(
        new DeleteCommand({
          TableName,
          Key: { pk: HELD, sk: agent_id },
          ConditionExpression: "connection_id = :closed",
          ExpressionAttributeValues: { ":closed": connection_id },
        }),
      );
    } catch (error) {
      // Gone already, or the agent has opened another one since.
      if (refusalOf(error) !== "condition") throw error;
    }
  };
  return {
    async open(socket) {
      const { agent_id, connection_id } = socket;
      const ttl = expiryAt(socket.ends_at);
      // The way back first: a connection whose row nobody could remove would be told in vain.
      await client.send(new PutCommand({ TableName, Item: { ...connectionKey(connection_id), agent_id, ttl } }));
      await client.send(new PutCommand({ TableName, Item: { pk: HELD, sk: agent_id, ...socket, ttl } }));
    },

    async close(connection_id) {
      const Key = connectionKey(connection_id);
      const { Attributes } = await client.send(new DeleteCommand({ TableName, Key, ReturnValues: "ALL_OLD" }));
      if (Attributes !== undefined) await forget(String(Attributes.agent_id), connection_id);
    },

    async held(now) {
      const sockets = (await itemsOfPartition(tables, HELD)).map(socketIn);
      return sockets.filter(({ ends_at }) => ends_at > now);
    },
  };
}

const connectionKey = (connection_id: string) => ({ pk: `connection#${connection_id}`, sk: "connection" });

function socketIn({ pk: _pk, sk: _sk, ttl: _ttl, ...socket }: Item): HeldSocket {
  return socket as unknown as HeldSocket;
}
