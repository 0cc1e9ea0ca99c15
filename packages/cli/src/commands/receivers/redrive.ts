import type { RouteReply } from "@omoios/contracts/routes";
import { paginate } from "@omoios/sdk/paginate";
import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { oneOrAll, redriveAll } from "../../redrive-all.ts";

const says = ({ sent_as }: RouteReply<"redriveNotification">) =>
  sent_as === null ? "nothing is left to say: it is over" : `it is sent as ${sent_as}`;

export const receiversRedrive = command<
  [name: string, dead_letter_id: string | undefined],
  { all?: boolean; reason?: string }
>({
  usage: "redrive <name> [dead_letter_id]",
  about: "tell a receiver how things stand with what it was never told, and close the dead letter",
  options: (made) =>
    made.option("--all", "every open one").option("--reason <text>", "why: it stays with the dead letter"),
  async run(cli, [name, id], { all, reason }) {
    oneOrAll(id, all);
    const client = await cli.client();
    const redrive = (notification_id: string) =>
      client.redriveNotification({ params: { name, notification_id }, body: given({ reason }) });
    if (id === undefined) {
      const open = paginate(client, "listReceiverDeadLetters", { params: { name } });
      return redriveAll(cli, open, redrive, (letter) => `${letter.id}: ${says(letter)}`);
    }
    const letter = await redrive(id);
    cli.show(letter, () => `${says(letter)}\n`);
  },
});
