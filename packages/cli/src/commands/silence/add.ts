import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { commaList, given, span } from "../../parse-option.ts";
import { silenceText } from "../../rows/alert.ts";
import { WrongUse } from "../../wrong-use.ts";

type Body = CallRequest<"createSilence">["body"];

interface Options {
  for?: number;
  until?: string;
  from?: string;
  weekdays?: string[];
  hours?: string[];
  zone?: string;
  comment: string;
}

export const silenceAdd = command<[matchers: string[]], Options>({
  usage: "add <matchers...>",
  about:
    "keep alerts whose labels match from being told: omoi silence add 'room=\"cellar\"' --for 2h --comment Repairs",
  options: (made) =>
    made
      .option("--for <duration>", "30m, 2h or 1d from its beginning", span)
      .option("--until <time>", "in place of --for: 2026-03-01T10:00:00Z")
      .option("--from <time>", "when it begins; now unless given")
      .option("--weekdays <a,b>", "comes back each week on these days: monday:friday,sunday", commaList)
      .option("--hours <a,b>", "at these hours of such a day: 18:00-24:00", commaList)
      .option("--zone <name>", "by the clock of this IANA zone; UTC unless given")
      .requiredOption("--comment <text>", "why: it stays with the silence"),
  async run(cli, [matchers], options) {
    const body = bodyOf(matchers, options, cli.terminal.now());
    const silence = await (await cli.client()).createSilence({ body });
    cli.show(silence, () => silenceText(cli, silence));
  },
});

function bodyOf(matchers: string[], options: Options, now: number): Body {
  const { for: lasts_ms, until, from: starts_at, weekdays, hours, zone, comment } = options;
  if (lasts_ms !== undefined && until !== undefined) throw new WrongUse("give --for or --until, not both");
  const recurs = weekdays !== undefined || hours !== undefined;
  if (zone !== undefined && !recurs)
    throw new WrongUse("--zone says whose clock --weekdays and --hours go by: give one");
  if (lasts_ms === undefined && until === undefined && !recurs) {
    throw new WrongUse("give --for or --until, or --weekdays or --hours for one that comes back each week");
  }
  const begins = starts_at === undefined ? now : Date.parse(starts_at);
  if (Number.isNaN(begins)) throw new WrongUse(`--from ${starts_at} is no time: give 2026-03-01T10:00:00Z`);
  const ends_at = lasts_ms === undefined ? until : new Date(begins + lasts_ms).toISOString();
  const recurring = recurs ? given({ weekdays, hours, zone }) : undefined;
  return { matchers, comment, ...given({ starts_at, ends_at, recurring }) };
}
