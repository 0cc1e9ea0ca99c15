import { command } from "../../command.ts";
import { workflowText } from "../../rows/workflow.ts";

export const workflowShow = command<[name: string], { yaml?: boolean }>({
  usage: "show <name>",
  about: "show a workflow: its phases, where they lead, what they make and demand",
  options: (made) => made.option("--yaml", "the whole file as it was written"),
  async run(cli, [name], { yaml }) {
    const client = await cli.client();
    const request = { params: { name } };
    if (yaml) {
      const text = await client.getWorkflow(request, { accept: "application/yaml" });
      cli.show({ name, yaml: text }, () => text);
      return;
    }
    const workflow = await client.getWorkflow(request);
    cli.show(workflow, () => workflowText(cli, workflow));
  },
});
