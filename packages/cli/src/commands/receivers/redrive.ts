import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";

export const receiversRedrive = command<[name: string, notification_id: string], { reason?: string }>({
  usage: "redrive <name> <dead_letter_id>",
  about: "tell a receiver how things stand with what it was never told, and close the dead letter",
  options: (made) => made.option("--reason <text>", "why: it stays with the dead letter"),
  async run(cli, [name, notification_id], { reason }) {
    const params = { name, notification_id };
    const letter = await (await cli.client()).redriveNotification({ params, body: given({ reason }) });
    const text = letter.sent_as === null ? "nothing is left to say: it is over" : `it is sent as ${letter.sent_as}`;
    cli.show(letter, () => `${text}\n`);
  },
});
