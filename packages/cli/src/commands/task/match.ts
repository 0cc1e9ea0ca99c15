import { command } from "../../command.ts";

export const taskMatch = command<[task_id: string]>({
  usage: "match <task_id>",
  about: "show which classes of agents could take a task, and what each lacks",
  async run(cli, [task_id]) {
    const match = await (await cli.client()).getTaskMatch({ params: { task_id } });
    cli.show(match, () => {
      const classes = cli.table(
        match.classes,
        [
          { head: "TAKES IT", value: ({ matches }) => (matches ? "yes" : "no") },
          { head: "AGENTS", value: ({ agents }) => String(agents), right: true },
          { head: "PHASES", value: ({ phase_ids }) => phase_ids.join(","), cut: true },
          { head: "CAPABILITIES", value: ({ capabilities }) => capabilities.join(","), cut: true },
          { head: "LACKS", value: ({ missing }) => missing.join(","), cut: true },
        ],
        "no agent has registered yet",
      );
      return `lane ${match.lane}\n${classes}${match.alternatives.map((text) => `- ${text}\n`).join("")}`;
    });
  },
});
