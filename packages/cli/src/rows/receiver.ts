import type { RouteReply } from "@omoios/contracts/routes";
import type { Cli } from "../cli.ts";
import { fields } from "../output/fields.ts";
import { labelText } from "../output/labels.ts";
import type { Column } from "../output/table.ts";
import { ago, clockTime } from "../output/times.ts";

type Receiver = RouteReply<"listReceivers">["items"][number];
type Letter = RouteReply<"redriveNotification">;
type Test = RouteReply<"testReceiver">;

/** Up to what the API counts. */
const MOST = 100;

export const receiverColumns = (cli: Cli): Column<Receiver>[] => [
  { head: "RECEIVER", value: (row) => row.name },
  { head: "TYPE", value: (row) => row.type },
  { head: "WAITING", value: (row) => counted(row.waiting.groups), right: true },
  { head: "FAILURES", value: (row) => String(row.failures_in_a_row), right: true },
  { head: "DEAD LETTERS", value: (row) => counted(row.dead_letters), right: true },
  { head: "LAST SUCCESS", value: (row) => ago(row.last_success_at, cli.terminal.now()), right: true },
  {
    head: "LAST FAILURE",
    value: ({ last_failure: last }) => (last === null ? "" : `${ago(last.at, cli.terminal.now())}: ${last.detail}`),
    cut: true,
  },
];

export const deadLetterColumns = (): Column<Letter>[] => [
  { head: "DEAD LETTER", value: (row) => row.id },
  { head: "AT", value: (row) => clockTime(row.at) },
  { head: "SAYS", value: (row) => row.says },
  { head: "TRIES", value: (row) => String(row.tries), right: true },
  { head: "OUTCOME", value: (row) => row.outcome },
  { head: "DETAIL", value: (row) => row.detail },
  {
    head: "ALERTS",
    value: ({ alerts, alert_count: count }) => `${count}: ${alerts.map(({ labels }) => labelText(labels)).join("; ")}`,
    cut: true,
  },
];

export function testText(cli: Cli, row: Test): string {
  return fields([
    ["receiver", row.receiver],
    ["outcome", row.outcome === null ? "not known yet" : cli.paintStatus(row.outcome)],
    ["detail", row.detail],
    ["notification", row.notification_id],
  ]);
}

const counted = (count: number): string => (count < MOST ? String(count) : `${MOST} or more`);
