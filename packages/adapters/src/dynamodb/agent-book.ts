import type { AgentBook, BaselinePage, NotePage } from "@omoios/domain/monitor/agents/book";
import type { Tables } from "./client.ts";
import { itemsOfPartition } from "./partition.ts";
import { putVersioned } from "./put-versioned.ts";
import type { Item } from "./rows.ts";

const PARTITION = "agent-notes";
const USUAL = "usual";

/** What is remembered of agents' readings, in the table without stream: a page for many agents. */
export function agentBookOn(tables: Tables): AgentBook {
  const put = (sk: string, text: string, version: number) => putVersioned(tables, { pk: PARTITION, sk, text }, version);

  return {
    async read() {
      const items = await itemsOfPartition(tables, PARTITION, { consistent: true });
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
