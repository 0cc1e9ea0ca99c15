import type { Told } from "@omoios/domain/alerting/rehearsal/compare";
import type { RehearsalRun } from "@omoios/domain/alerting/rehearsal/run-rehearsal";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { textOf } from "../../text-of.ts";
import { routingIn, routingOption } from "./files.ts";

export const rulesTest = command<[file: string], { routing?: string }>({
  usage: "test <file>",
  about: "run rules, routing and escalation in virtual time, and compare who was told with what was expected",
  options: routingOption,
  async run(cli, [file], options) {
    const { readRehearsal } = await import("@omoios/domain/alerting/rehearsal/rehearsal-file");
    const { runRehearsal } = await import("@omoios/domain/alerting/rehearsal/run-rehearsal");
    const { routing, faults } = await routingIn(options.routing);
    const read = readRehearsal(textOf(file), file, routing);
    if (!read.ok || faults.length > 0) {
      const all = [...faults, ...(read.ok ? [] : read.faults)];
      cli.show({ faults: all }, () => `${all.join("\n")}\n`);
      return EXIT.wrong_use;
    }
    const run = runRehearsal(read.value);
    const passed = run.missing.length + run.unexpected.length + run.refused.length === 0;
    cli.show({ passed, ...run }, () => `${file}: ${passed ? "as expected" : "not as expected"}\n${linesOf(run)}`);
    return passed ? EXIT.done : EXIT.no;
  },
});

/** What was told in its order, with a mark before what nobody expected; then what did not come. */
function linesOf({ told, unexpected, missing, refused }: RehearsalRun): string {
  const lines = [
    ...told.map((one) => `${unexpected.includes(one) ? "unexpected" : "told"}\t${toldText(one)}`),
    ...missing.map(({ receiver, status, between, alert, labels }) => {
      const when = between === undefined ? "at any time" : `between ${between.join(" and ")}`;
      const what = [alert ?? "", labels === undefined ? "" : alertText(labels)].join(" ").trim();
      return `missing\t${receiver} ${status} ${when}${what === "" ? "" : `: ${what}`}`;
    }),
    ...refused.map(({ at_ms, why }) => `refused\tact at ${spanText(at_ms)}: ${why}`),
  ];
  return lines.map((line) => `  ${line.replace(/^(\w+)\t/, (_, mark: string) => mark.padEnd(12))}\n`).join("");
}

const toldText = ({ receiver, status, at_ms, alerts }: Told) =>
  `${receiver} ${status} at ${spanText(at_ms)}: ${alerts.map(alertText).join(", ")}`;

/** An alert as the file's matchers write its labels. */
function alertText({ alertname, severity: _, ...labels }: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return [alertname ?? "", ...(own.length === 0 ? [] : [`{${own.join(", ")}}`])].join(" ").trim();
}

/** A span as the file writes it. */
function spanText(ms: number): string {
  const seconds = ms / 1_000;
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60] as const;
  const text = parts.map((part, index) => (part === 0 ? "" : `${part}${"hms".charAt(index)}`)).join("");
  return text === "" ? "0s" : text;
}
