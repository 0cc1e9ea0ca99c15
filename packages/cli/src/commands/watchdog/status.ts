import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { switchesText } from "../../rows/switches.ts";
import { beatColumns } from "../../rows/watchdog.ts";

export const watchdogStatus = command<[]>({
  usage: "status",
  about: "show what is under way, and whether each part of the sweep runs; exit 1 where one is late",
  async run(cli) {
    const status = await (await cli.client()).getWatchdogStatus();
    cli.show(status, () => {
      const { enabled, dry_run, disabled } = status.policies;
      const policies = `policies: ${enabled} in force, ${dry_run} as a dry run, ${disabled} disabled; remediations under way: ${status.open}\n\n`;
      const off = switchesText(status.switched_off);
      return policies + (off && `${off}\n`) + cli.table(status.beats, beatColumns(cli), "no sweep has run yet");
    });
    return status.beats.some(({ late }) => late) ? EXIT.no : EXIT.done;
  },
});
