import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { Stale } from "@omoios/domain/commit";
import type { AgentBook, BaselinePage, NotePage } from "@omoios/domain/monitor/agents/book";
import type { Tables } from "./client.ts";
import { isRefusedCondition } from "./errors.ts";
import type { Item } from "./rows.ts";

const PARTITION = "agent-notes";
const USUAL = "usual";

/** What is remembered of agents' readings, in the table without stream: a page for many agents. */
export function agentBookOn(tables: Tables): AgentBook {
  const { client, pulse: TableName } = tables;

  const put = async (sk: string, text: string, version: number): Promise<void> => {
    const Item = { pk: PARTITION, sk, text, version: version + 1 };
    const stands =
      version === 0
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : { ConditionExpression: "version = :version", ExpressionAttributeValues: { ":version": version } };
    try {
      await client.send(new PutCommand({ TableName, Item, ...stands }));
    } catch (error) {
      if (isRefusedCondition(error)) throw new Stale(`agent notes ${sk}`);
      throw error;
    }
  };

  return {
    async read() {
      const items: Item[] = [];
      let start: Item | undefined;
      do {
        const answer = await client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: "pk = :pk",
            ExpressionAttributeValues: { ":pk": PARTITION },
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        items.push(...(answer.Items ?? []));
        start = answer.LastEvaluatedKey;
      } while (start !== undefined);
      const usual = items.find(({ sk }) => sk === USUAL);
      return {
        pages: items.filter(({ sk }) => sk !== USUAL).map(pageOf),
        usual: {
          baselines: usual === undefined ? {} : (JSON.parse(String(usual.text)) as BaselinePage["baselines"]),
          version: Number(usual?.version ?? 0),
        },
      };
    },

    savePage: ({ n, notes, version }) => put(`notes#${String(n).padStart(2, "0")}`, JSON.stringify(notes), version),
    saveBaselines: ({ baselines, version }) => put(USUAL, JSON.stringify(baselines), version),
  };
}

const pageOf = ({ sk, text, version }: Item): NotePage => ({
  n: Number(String(sk).slice("notes#".length)),
  notes: JSON.parse(String(text)) as NotePage["notes"],
  version: Number(version),
});
