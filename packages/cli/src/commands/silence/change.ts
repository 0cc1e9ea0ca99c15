import { command } from "../../command.ts";
import { given, span } from "../../parse-option.ts";
import { silenceText } from "../../rows/alert.ts";
import { WrongUse } from "../../wrong-use.ts";

interface Options {
  for?: number;
  until?: string;
  comment?: string;
}

export const silenceChange = command<[silence_id: string], Options>({
  usage: "change <silence_id>",
  about: "let a silence end later or sooner, or say anew why it is there",
  options: (made) =>
    made
      .option("--for <duration>", "30m, 2h or 1d from now", span)
      .option("--until <time>", "in place of --for: 2026-03-01T10:00:00Z")
      .option("--comment <text>", "why: it stays with the silence"),
  async run(cli, [silence_id], { for: lasts_ms, until, comment }) {
    if (lasts_ms !== undefined && until !== undefined) throw new WrongUse("give --for or --until, not both");
    const ends_at = lasts_ms === undefined ? until : new Date(cli.terminal.now() + lasts_ms).toISOString();
    const body = given({ ends_at, comment });
    if (Object.keys(body).length === 0) throw new WrongUse("give --for, --until or --comment");
    const silence = await (await cli.client()).changeSilence({ params: { silence_id }, body });
    cli.show(silence, () => silenceText(cli, silence));
  },
});
