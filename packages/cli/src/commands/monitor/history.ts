import { command } from "../../command.ts";
import { lastItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";
import { collect, given, span, wholeNumber } from "../../parse-option.ts";
import { WrongUse } from "../../wrong-use.ts";
import { valueText } from "./texts.ts";

interface Options {
  label?: string[];
  since?: number;
  limit: number;
}

export const monitorHistory = command<[metric: string], Options>({
  usage: "history <metric>",
  about: "list the samples of one series, the newest last",
  options: (made) =>
    made
      .option("--label <name=value>", "a label of the series, of which each is needed: phase_id=PHASE_TESTING", collect)
      .option("--since <duration>", "from so long ago on; 1h unless given", span)
      .option("--limit <number>", "how many at most, the newest", wholeNumber, 100),
  async run(cli, [name], { label = [], since, limit }) {
    const from = since === undefined ? undefined : new Date(Date.now() - since).toISOString();
    const labels: object = Object.fromEntries(label.map(readLabel));
    const query = { ...labels, ...given({ from }) };
    const page = await lastItems(await cli.client(), "getMetricHistory", { params: { name }, query }, limit);
    cli.showList(page, { limit, left: "earlier ones" }, () =>
      cli.table(
        page.items,
        [
          { head: "AT", value: ({ timestamp }) => clockTime(timestamp) },
          { head: "VALUE", value: ({ value }) => valueText(value), right: true },
        ],
        "no samples",
      ),
    );
  },
});

function readLabel(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new WrongUse(`${text} is no label: phase_id=PHASE_TESTING`);
  return [text.slice(0, at), text.slice(at + 1)];
}
