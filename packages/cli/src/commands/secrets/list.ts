import { namesOf } from "../../../../../stacks/names.ts";
import { askAws } from "../../ask-aws.ts";
import { command } from "../../command.ts";
import { clockTime } from "../../output/times.ts";
import { neededSecrets, readersOf } from "../../secret-readers.ts";
import { stageOption } from "../../stage-option.ts";

export const secretsList = command<[], { stage: string }>({
  usage: "list",
  about: "list the secrets of a stage without their values, and those that it lacks",
  options: (made) => stageOption(made),
  async run(cli, _, { stage }) {
    const folder = namesOf(stage).secrets;
    const { listSecrets } = await import("@omoios/adapters/secrets/stage-secrets");
    const { ssmClient } = await import("@omoios/adapters/clients");
    const stored = await askAws(stage, () => listSecrets(ssmClient(), folder));
    const items = stored.map(({ path, version, changed_at }) => {
      const name = path.slice(folder.length);
      return { name, version, changed_at, read_by: readersOf(name) };
    });
    const missing = neededSecrets().filter((name) => !items.some((item) => item.name === name));
    cli.show({ items, missing }, () =>
      cli.table(
        [...items, ...missing.map((name) => ({ name, version: 0, changed_at: null, read_by: readersOf(name) }))],
        [
          { head: "SECRET", value: ({ name }) => name },
          { head: "VERSION", value: ({ version }) => (version === 0 ? "missing" : String(version)), right: true },
          { head: "CHANGED", value: ({ changed_at }) => clockTime(changed_at) },
          { head: "READ BY", value: ({ read_by }) => read_by.join(", "), cut: true },
        ],
        "no secrets",
      ),
    );
  },
});
