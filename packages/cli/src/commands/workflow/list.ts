import { command } from "../../command.ts";

export const workflowList = command<[]>({
  usage: "list",
  about: "list the workflows of the stage",
  async run(cli) {
    const { items } = await (await cli.client()).listWorkflows();
    cli.show({ items }, () =>
      cli.table(
        items,
        [
          { head: "WORKFLOW", value: ({ id, is_default }) => (is_default ? `${id} (default)` : id) },
          { head: "NAME", value: ({ name }) => name },
          { head: "PHASES", value: ({ phase_ids }) => phase_ids.join(", "), cut: true },
        ],
        "no workflows",
      ),
    );
  },
});
