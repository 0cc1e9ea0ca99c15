import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";

export const keysList = command({
  usage: "list",
  about: "list API keys, newest first, without their secrets",
  async run(cli) {
    const page = await firstItems(await cli.client(), "listApiKeys", {}, 500);
    cli.show(page, () =>
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
