import { command } from "../../command.ts";

export const deadLettersRedrive = command<[dead_letter_id: string]>({
  usage: "redrive <dead_letter_id>",
  about: "retry the task and close its dead letter",
  async run(cli, [dead_letter_id]) {
    const letter = await (await cli.client()).redriveDeadLetter({ params: { dead_letter_id } });
    cli.show(letter, () => `${letter.task_id} is tried again\n`);
  },
});
