import type { AuditEntry } from "@omoios/contracts/views/audit";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";
import { given, wholeNumber } from "../../parse-option.ts";

interface Options {
  who?: string;
  subject?: string;
  what?: string;
  from?: string;
  to?: string;
  limit: number;
}

export const auditList = command<[], Options>({
  usage: "list",
  about: "list what was changed, refused and done by itself, newest first",
  options: (made) =>
    made
      .option("--who <id>", "only by this agent, key or part of the plane")
      .option("--subject <id>", "only about this ticket, task, agent or key")
      .option("--what <type>", "only of this kind: task.cancelled, access.refused")
      .option("--from <time>", "only since then (2026-01-05T10:00:00Z)")
      .option("--to <time>", "only until then")
      .option("--limit <number>", "how many at most", wholeNumber, 50),
  async run(cli, _, { who, subject, what, from, to, limit }) {
    const query = given({ who, subject, what, from, to });
    const page = await firstItems(await cli.client(), "listAudit", { query }, limit);
    cli.showList(page, { limit }, () =>
      cli.table(
        page.items,
        [
          { head: "TIME", value: ({ at }) => clockTime(at) },
          { head: "WHAT", value: ({ what }) => what },
          { head: "SUBJECT", value: subjectText, cut: true },
          { head: "WHO", value: ({ who }) => who.id, cut: true },
          { head: "AUTHORITY", value: ({ authority }) => authority },
          { head: "WHY", value: ({ reason = "" }) => reason, cut: true },
        ],
        "nothing",
      ),
    );
  },
});

const IDS = ["remediation_id", "action_id", "silence_id", "alert_id"];
const NAMES = ["policy", "action", "alertname", "name", "metric_name"];

/** What an entry is about. The rooms that watch are the subject of whatever they say: there it is the alert, rule or silence. */
function subjectText({ subject: { kind, id }, after }: AuditEntry): string {
  if (kind !== id) return id;
  const { labels } = after as { labels?: Record<string, unknown> };
  const said: Record<string, unknown> = { alertname: labels?.alertname, ...after };
  const firstOf = (names: readonly string[]) =>
    names.map((name) => said[name]).find((value) => typeof value === "string");
  return [firstOf(IDS), firstOf(NAMES)].filter((part) => part !== undefined).join(" ") || id;
}
