import { DeleteCommand, GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Beat, PulseRow } from "@omoios/domain/agents/model";
import type { PulseStore } from "@omoios/domain/store";
import type { AgentId } from "@omoios/kernel/ids";
import { getAll } from "./batch-read.ts";
import type { Tables } from "./client.ts";
import { refusalOf } from "./errors.ts";
import { livingPulses, PULSE_SHARDS, pulseOf, recentName, recentOf } from "./living-pulses.ts";
import type { Item, Key } from "./rows.ts";

function pulseKey(agent_id: AgentId): Key {
  return { pk: `pulse#${Number.parseInt(agent_id.slice(-2), 16) % PULSE_SHARDS}`, sk: agent_id };
}

/** Agents' last beats: one conditional write each, no index, no event. */
export function pulseOn(tables: Tables): PulseStore {
  const { client, pulse: TableName } = tables;

  const get = async (agent_id: AgentId): Promise<PulseRow | undefined> => {
    const { Item } = await client.send(new GetCommand({ TableName, Key: pulseKey(agent_id), ConsistentRead: true }));
    return Item === undefined ? undefined : pulseOf(Item);
  };

  return {
    get,
    living: () => livingPulses(tables),

    async getMany(agent_ids) {
      const items = await getAll(tables, "pulse", [...new Set(agent_ids)].map(pulseKey), true);
      return items.map(pulseOf);
    },

    async open(row) {
      await client.send(new PutCommand({ TableName, Item: { ...pulseKey(row.agent_id), ...row } }));
    },

    async beat(beat) {
      try {
        const { Attributes = {} } = await client.send(
          new UpdateCommand({ TableName, Key: pulseKey(beat.agent_id), ...beatUpdate(beat), ReturnValues: "ALL_OLD" }),
        );
        const before = pulseOf(Attributes);
        await forget(tables, beat, before);
        return { written: true, before };
      } catch (error) {
        if (refusalOf(error) !== "condition") throw error;
        return { written: false, before: await get(beat.agent_id) };
      }
    },

    async post({ agent_id, ...read }, { mail, mail_last }) {
      const seen = { mail_last: read.mail_last, beats: read.beats };
      const names = Object.entries(seen);
      const values = Object.fromEntries(
        names.filter(([, at]) => at !== undefined).map(([name, at]) => [`:${name}`, at]),
      );
      return updateOpen(tables, agent_id, {
        UpdateExpression: "SET mail = :mail, #mail_last = :last",
        ConditionExpression: [
          "attribute_exists(pk)",
          ...names.map(([name, at]) => (at === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`)),
        ].join(" AND "),
        ExpressionAttributeNames: Object.fromEntries(names.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: { ":mail": mail, ":last": mail_last, ...values },
      });
    },

    async acknowledge(agent_id, acked) {
      await updateOpen(tables, agent_id, {
        UpdateExpression: "SET acked = :acked",
        ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(acked) OR acked < :acked)",
        ExpressionAttributeValues: { ":acked": acked },
      });
    },

    async replayed(agent_id) {
      await updateOpen(tables, agent_id, {
        UpdateExpression: "ADD replays :one",
        ExpressionAttributeValues: { ":one": 1 },
      });
    },

    async raiseEpoch(agent_id, epoch) {
      await updateOpen(tables, agent_id, {
        UpdateExpression: "SET #epoch = :epoch",
        ConditionExpression: "#epoch < :epoch",
        ExpressionAttributeNames: { "#epoch": "epoch" },
        ExpressionAttributeValues: { ":epoch": epoch },
      });
    },

    async close(agent_id) {
      await client.send(new DeleteCommand({ TableName, Key: pulseKey(agent_id) }));
    },
  };
}

/** Where nothing is left out, all counts are replaced by none; else the counts of what is left out rise, in the same write. */
function beatUpdate({ agent_id: _id, left_out, acked, ...beaten }: Beat) {
  const names: Record<string, string> = { "#left": "left_out", "#ttl": "ttl", "#recent": recentName(beaten.sequence) };
  const values: Item = { ":recent": recentOf(beaten), ":zero": 0, ":one": 1 };
  const set: string[] = ["#recent = :recent", "beats = if_not_exists(beats, :zero) + :one"];
  if (acked !== undefined) {
    set.push("acked = :acked");
    values[":acked"] = acked;
  }
  const remove = ["#ttl"];
  for (const [name, value] of Object.entries({ next_by: undefined, ...beaten })) {
    names[`#${name}`] = name;
    if (value === undefined) remove.push(`#${name}`);
    else {
      set.push(`#${name} = :${name}`);
      values[`:${name}`] = value;
    }
  }
  if (left_out.length === 0) {
    set.push("#left = :none");
    values[":none"] = {};
  }
  for (const [index, held] of left_out.entries()) {
    names[`#left${index}`] = held;
    set.push(`#left.#left${index} = if_not_exists(#left.#left${index}, :zero) + :one`);
  }
  return {
    UpdateExpression: `SET ${set.join(", ")} REMOVE ${remove.join(", ")}`,
    ConditionExpression: "#epoch = :epoch AND #sequence < :sequence",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** Removes counts that the beat's own write could not name: of tasks that were left out before and are not any more, while others are. */
async function forget(tables: Tables, beat: Beat, before: PulseRow): Promise<void> {
  if (beat.left_out.length === 0) return;
  const over = Object.keys(before.left_out).filter((held) => !beat.left_out.includes(held));
  if (over.length === 0) return;
  await updateOpen(tables, beat.agent_id, {
    UpdateExpression: `REMOVE ${over.map((_, index) => `left_out.#over${index}`).join(", ")}`,
    ExpressionAttributeNames: Object.fromEntries(over.map((held, index) => [`#over${index}`, held])),
  });
}

/** Updates a pulse row, and answers whether its condition held; one that was closed in the meantime is left gone. */
async function updateOpen(
  { client, pulse: TableName }: Tables,
  agent_id: AgentId,
  update: Omit<UpdateCommandInput, "TableName" | "Key">,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateCommand({
        TableName,
        Key: pulseKey(agent_id),
        ConditionExpression: "attribute_exists(pk)",
        ...update,
      }),
    );
    return true;
  } catch (error) {
    if (refusalOf(error) !== "condition") throw error;
    return false;
  }
}
