import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { fields } from "../../output/fields.ts";
import { clockTime } from "../../output/times.ts";

export const ticketGate = command<[ticket_id: string], { validate?: boolean }>({
  usage: "gate <ticket_id>",
  about: "show the verdict on a ticket's phase and what holds it; exit code 1 unless it passed",
  options: (made) => made.option("--validate", "judge it now; a passed gate moves the ticket"),
  async run(cli, [ticket_id], { validate }) {
    const client = await cli.client();
    const request = { params: { ticket_id } };
    const gate = await (validate ? client.validateTicketGate(request) : client.getTicketGate(request));
    cli.show(gate, () => {
      const head = fields([
        ["phase", `${gate.phase_id}, visit ${gate.visit}`],
        ["verdict", cli.paintStatus(gate.verdict)],
        ["judged", clockTime(gate.evaluated_at)],
      ]);
      return head + gate.blocking_reasons.map(({ message }) => `- ${message}\n`).join("");
    });
    return gate.verdict === "passed" ? EXIT.done : EXIT.no;
  },
});
