import type { ItemOf } from "@omoios/sdk/paginate";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { clockTime } from "../../output/times.ts";
import { alertText } from "../../rows/alert.ts";

/** As many notifications as a person reads of one alert. */
const DELIVERIES_SHOWN = 50;

export const alertShow = command<[alert_id: string]>({
  usage: "show <alert_id>",
  about: "show an alert, what was decided about it and why, and whom it was sent to",
  async run(cli, [alert_id]) {
    const client = await cli.client();
    const request = { params: { alert_id } };
    const [alert, deliveries] = await Promise.all([
      client.getAlert(request),
      firstItems(client, "listAlertDeliveries", request, DELIVERIES_SHOWN),
    ]);
    cli.show({ ...alert, deliveries: deliveries.items, more_deliveries: deliveries.more }, () => {
      const log = alert.log.map(({ at, decision, why }) => `${clockTime(at)}  ${decision.padEnd(12)}  ${why}\n`);
      if (alert.log_next_cursor !== null) log.unshift("Earlier decisions are left out: the API shows them\n");
      return [alertText(cli, alert), log.join(""), sentText(cli, deliveries.items)].join("\n");
    });
    if (deliveries.more) cli.note("there are more notifications: the API shows them");
  },
});

function sentText(cli: Cli, deliveries: readonly ItemOf<"listAlertDeliveries">[]): string {
  const tries = deliveries.flatMap(({ notification_id, why, tries }) =>
    tries.map((each) => ({ notification_id, why, ...each })),
  );
  return cli.table(
    tries,
    [
      { head: "NOTIFICATION", value: (row) => row.notification_id },
      { head: "AT", value: (row) => clockTime(row.at) },
      { head: "RECEIVER", value: (row) => row.receiver },
      { head: "TRY", value: (row) => String(row.attempt), right: true },
      { head: "OUTCOME", value: (row) => row.outcome },
      { head: "WHY", value: (row) => row.why, cut: true },
      { head: "DETAIL", value: (row) => row.detail, cut: true },
    ],
    "sent to nobody",
  );
}
