import { command } from "../../command.ts";
import { alertText } from "../../rows/alert.ts";

export const alertAck = command<[alert_id: string]>({
  usage: "ack <alert_id>",
  about: "take an alert on: for 30 minutes nobody else is called",
  async run(cli, [alert_id]) {
    const alert = await (await cli.client()).acknowledgeAlert({ params: { alert_id } });
    cli.show(alert, () => alertText(cli, alert));
  },
});
