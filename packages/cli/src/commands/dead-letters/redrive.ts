import { paginate } from "@omoios/sdk/paginate";
import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { oneOrAll, redriveAll } from "../../redrive-all.ts";

interface Options {
  all?: boolean;
  phase?: string;
}

const says = ({ task_id }: { task_id: string }) => `${task_id} is tried again`;

export const deadLettersRedrive = command<[dead_letter_id: string | undefined], Options>({
  usage: "redrive [dead_letter_id]",
  about: "retry the task and close its dead letter",
  options: (made) =>
    made.option("--all", "every open one").option("--phase <phase_id>", "of --all, those of this phase"),
  async run(cli, [id], { all, phase: phase_id }) {
    oneOrAll(id, all);
    const client = await cli.client();
    const redrive = (dead_letter_id: string) => client.redriveDeadLetter({ params: { dead_letter_id } });
    if (id === undefined)
      return redriveAll(cli, paginate(client, "listDeadLetters", { query: given({ phase_id }) }), redrive, says);
    const letter = await redrive(id);
    cli.show(letter, () => `${says(letter)}\n`);
  },
});
