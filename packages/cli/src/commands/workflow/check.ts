import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { textOf } from "../../text-of.ts";

export const workflowCheck = command<[files: readonly string[]]>({
  usage: "check <files...>",
  about: "look for what is wrong with files of workflows. Ends with 2 where something is",
  async run(cli, [files]) {
    const { readWorkflow } = await import("@omoios/domain/tickets/workflow-file");
    const workflows: string[] = [];
    const faults: string[] = [];
    for (const file of files) {
      const read = readWorkflow(textOf(file), file, workflows);
      if (read.ok) workflows.push(read.value.id);
      else faults.push(...read.faults);
    }
    cli.show({ workflows, faults }, () => {
      if (faults.length > 0) return `${faults.join("\n")}\n`;
      return workflows.length === 1 ? "1 workflow is in order\n" : `${workflows.length} workflows are in order\n`;
    });
    return faults.length > 0 ? EXIT.wrong_use : EXIT.done;
  },
});
