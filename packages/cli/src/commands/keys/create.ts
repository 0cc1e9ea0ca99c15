import type { CallRequest } from "@omoios/sdk/client";
import { command } from "../../command.ts";
import { fields } from "../../output/fields.ts";
import { commaList, given, upperCase } from "../../parse-option.ts";

type Body = CallRequest<"createApiKey">["body"];

export const keysCreate = command<
  [name: string],
  { scopes: Body["scopes"]; authority?: NonNullable<Body["authority"]> }
>({
  usage: "create <name>",
  about: "make an API key; it is shown this once",
  options: (made) =>
    made
      .requiredOption("--scopes <a,b>", "tickets:read, tickets:write, tasks:read, …, admin", commaList)
      .option("--authority <word>", "WORKER unless given; never above your own", upperCase),
  async run(cli, [name], { scopes, authority }) {
    const made = await (await cli.client()).createApiKey({ body: { name, scopes, ...given({ authority }) } });
    cli.show(made, () => fields(Object.entries({ "key id": made.key_id, "api key": made.api_key })));
    cli.note("the api key is not shown again");
  },
});
