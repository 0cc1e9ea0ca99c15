import { command } from "../../command.ts";
import { given } from "../../parse-option.ts";
import { alertText } from "../../rows/alert.ts";

export const alertResolve = command<[alert_id: string], { note?: string }>({
  usage: "resolve <alert_id>",
  about: "say that an alert is over; while its condition holds it comes back",
  options: (made) => made.option("--note <text>", "what was done: it stays with the alert"),
  async run(cli, [alert_id], { note }) {
    const alert = await (await cli.client()).resolveAlert({ params: { alert_id }, body: given({ note }) });
    cli.show(alert, () => alertText(cli, alert));
  },
});
