import { command } from "../../command.ts";

export const keysRevoke = command<[key_id: string]>({
  usage: "revoke <key_id>",
  about: "revoke an API key at once",
  async run(cli, [key_id]) {
    const key = await (await cli.client()).revokeApiKey({ params: { key_id } });
    cli.show(key, () => `${key.name} (${key.key_id}) is revoked\n`);
  },
});
