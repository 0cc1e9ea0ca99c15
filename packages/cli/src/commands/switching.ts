import type { Command } from "commander";
import { command } from "../command.ts";
import { fields } from "../output/fields.ts";
import { offText, switchesText } from "../rows/switches.ts";

type PolicyRoute = `${"enable" | "disable"}${"Watchdog" | "Guardian"}Policy`;
type AllRoute = `${"pause" | "resume"}${"Watchdog" | "Guardian"}`;

const withReason = (made: Command) => made.requiredOption("--reason <text>", "why: it stays with it, and in the audit");

/** A command that takes a policy out of force, or puts it back. */
export const policySwitch = (usage: string, about: string, route: PolicyRoute) =>
  command<[policy: string], { reason: string }>({
    usage,
    about,
    options: withReason,
    async run(cli, [policy], { reason }) {
      const row = await (await cli.client())[route]({ params: { policy }, body: { reason } });
      const { enabled, switched_off } = row;
      cli.show(row, () =>
        fields([
          [
            row.name,
            switched_off ? `switched off ${offText(switched_off)}` : enabled ? "in force" : "disabled in its file",
          ],
        ]),
      );
    },
  });

/** A command that takes all policies of a room out of force, or puts them back. */
export const roomSwitch = (usage: string, about: string, route: AllRoute) =>
  command<[], { reason: string }>({
    usage,
    about,
    options: withReason,
    async run(cli, _, { reason }) {
      const switches = await (await cli.client())[route]({ body: { reason } });
      cli.show(switches, () => switchesText(switches) || "no policy is switched off\n");
    },
  });
