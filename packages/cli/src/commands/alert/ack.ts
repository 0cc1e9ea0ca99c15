import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { alertText } from "../../rows/alert.ts";

export const alertAck = command<[alert_id: string], { note?: string }>({
  usage: "ack <alert_id>",
  about: "take an alert on: for 30 minutes nobody else is called",
  options: (made) =>
    made.option("--note <text>", "what is done about it: it stays with the alert, and is told with it"),
  async run(cli, [alert_id], { note }) {
    const alert = await (await cli.client()).acknowledgeAlert({ params: { alert_id }, body: given({ note }) });
    cli.show(alert, () => alertText(cli, alert));
  },
});
