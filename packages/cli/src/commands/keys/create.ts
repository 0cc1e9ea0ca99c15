import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { fields } from "../../output/fields.ts";
import { commaList, given, positiveNumber, upperCase, wholeNumber } from "../../parse-option.ts";
import { WrongUse } from "../../wrong-use.ts";

type Body = CallRequest<"createApiKey">["body"];

interface Options {
  scopes?: NonNullable<Body["scopes"]>;
  authority?: NonNullable<Body["authority"]>;
  uses?: number;
  days?: number;
}

const DAY_MS = 86_400_000;

export const keysCreate = command<[name: string], Options>({
  usage: "create <name>",
  about: "make an API key, or one that only registers agents; it is shown this once",
  options: (made) =>
    made
      .option("--scopes <a,b>", "tickets:read, tickets:write, tasks:read, …, admin", commaList)
      .option("--authority <word>", "WORKER unless given; never above your own", upperCase)
      .option("--uses <number>", "in place of scopes: how many agents it may register", wholeNumber)
      .option("--days <number>", "with --uses: for so long; 7 unless given", positiveNumber),
  async run(cli, [name], options) {
    const made = await (await cli.client()).createApiKey({ body: bodyOf(name, options, cli.terminal.now()) });
    cli.show(made, () => fields(Object.entries({ "key id": made.key_id, "api key": made.api_key })));
    cli.note("the api key is not shown again");
  },
});

function bodyOf(name: string, { scopes, authority, uses, days }: Options, now: number): Body {
  if ((scopes === undefined) === (uses === undefined)) {
    throw new WrongUse("give --scopes for a key of a person or service, or --uses for one that registers agents");
  }
  if (uses === undefined) return { name, ...given({ scopes, authority }) };
  const expires_at = new Date(now + (days ?? 7) * DAY_MS).toISOString();
  return { kind: "registration", name, uses, expires_at, ...given({ authority }) };
}
