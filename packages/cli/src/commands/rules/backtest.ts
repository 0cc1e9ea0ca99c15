import type { RouteReply } from "@omoios/contracts/routes";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { labelText } from "../../output/labels.ts";
import { clockTime } from "../../output/times.ts";
import { given } from "../../parse-option.ts";
import { textOf } from "../../text-of.ts";
import { WrongUse } from "../../wrong-use.ts";

interface Options {
  rule?: string;
  from?: string;
  to?: string;
}

export const rulesBacktest = command<[file: string], Options>({
  usage: "backtest <file>",
  about: "try the rules of a file on what the plane has stored, and say when each would have fired",
  options: (made) =>
    made
      .option("--rule <name>", "this one alone")
      .option("--from <time>", "begin of the history, as 2026-01-31T08:00:00Z; an hour ago unless given")
      .option("--to <time>", "its end; now unless given"),
  async run(cli, [file], { rule: only, from, to }) {
    const { readRules } = await import("@omoios/domain/alerting/rules/rule-file");
    const { written, faults } = readRules([{ file, text: textOf(file) }]);
    if (faults.length > 0) {
      cli.show({ faults }, () => `${faults.join("\n")}\n`);
      return EXIT.wrong_use;
    }
    const rules = written.filter(({ name }) => only === undefined || name === only);
    if (rules.length === 0) throw new WrongUse(`${file} has no rule${only === undefined ? "" : ` ${only}`}`);
    const client = await cli.client();
    const tried: { rule: string; fired: RouteReply<"backtestAlertRule">["fired"] }[] = [];
    for (const rule of rules) {
      const { fired } = await client.backtestAlertRule({ body: { rule, ...given({ from, to }) } });
      tried.push({ rule: rule.name, fired });
    }
    cli.show({ tried }, () =>
      cli.table(
        tried.flatMap(({ rule, fired }) => fired.map((one) => ({ rule, ...one }))),
        [
          { head: "RULE", value: ({ rule }) => rule },
          { head: "FIRED", value: ({ fired_at }) => clockTime(fired_at) },
          { head: "OVER", value: ({ resolved_at }) => (resolved_at === null ? "no" : clockTime(resolved_at)) },
          { head: "LABELS", value: ({ labels }) => labelText(ownLabels(labels)), cut: true },
        ],
        "nothing would have fired",
      ),
    );
    return EXIT.done;
  },
});

/** The rule's name has its own column, and its severity is the same in each line. */
const ownLabels = ({ alertname: _, severity: _s, ...labels }: Readonly<Record<string, string>>) => labels;
