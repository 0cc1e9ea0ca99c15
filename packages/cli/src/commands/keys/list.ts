import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";
import { wholeNumber } from "../../parse-option.ts";

export const keysList = command<[], { limit: number }>({
  usage: "list",
  about: "list API keys, newest first, without their secrets",
  options: (made) => made.option("--limit <number>", "how many at most", wholeNumber, 500),
  async run(cli, _, { limit }) {
    const page = await firstItems(await cli.client(), "listApiKeys", {}, limit);
    cli.showList(page, { limit }, () =>
      cli.table(
        page.items,
        [
          { head: "KEY", value: ({ key_id }) => key_id },
          { head: "NAME", value: ({ name }) => name, cut: true },
          { head: "KIND", value: ({ kind }) => kind },
          { head: "AUTHORITY", value: ({ authority }) => authority },
          { head: "CREATED", value: ({ created_at }) => clockTime(created_at) },
          { head: "REVOKED", value: ({ revoked_at }) => clockTime(revoked_at) },
          { head: "ENDS", value: ({ expires_at }) => clockTime(expires_at) },
          {
            head: "MAY",
            value: ({ scopes, used, uses }) => (uses === null ? scopes.join(",") : `register ${used} of ${uses}`),
            cut: true,
          },
        ],
        "no keys",
      ),
    );
  },
});
