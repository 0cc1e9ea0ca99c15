import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { ruleText } from "../../rows/rule.ts";

export const rulesEnable = command<[name: string]>({
  usage: "enable <name>",
  about: "let a rule that was made by the API judge again",
  run: (cli, [name]) => set(cli, name, true),
});

export const rulesDisable = command<[name: string]>({
  usage: "disable <name>",
  about: "keep a rule that was made by the API from judging; the next sweep resolves its alerts",
  run: (cli, [name]) => set(cli, name, false),
});

/** Under the version that was read, so that nobody else's change is undone. */
async function set(cli: Cli, name: string, enabled: boolean): Promise<void> {
  const client = await cli.client();
  const params = { name };
  const {
    source: _s,
    version,
    created_at: _c,
    updated_at: _u,
    updated_by: _b,
    ...written
  } = await client.getAlertRule({
    params,
  });
  const options = version === null ? {} : { if_match: version };
  const rule = await client.replaceAlertRule({ params, body: { ...written, enabled } }, options);
  cli.show(rule, () => ruleText(cli, rule));
}
