import { command } from "../command.ts";
import { EXIT } from "../failure.ts";
import { stageOption } from "../stage-option.ts";

const MARKS = { ok: "ok", note: "note", fault: "FAULT" } as const;

export const doctor = command<[], { stage: string }>({
  usage: "doctor",
  about: "look, before a deployment, for what would make it fail",
  options: stageOption,
  async run(cli, _, { stage }) {
    const { examine } = await import("../doctor/examine.ts");
    const findings = await examine(stage, cli.terminal.now);
    const faults = findings.filter(({ verdict }) => verdict === "fault").length;
    cli.show({ stage, faults, findings }, () =>
      findings
        .map(({ check, verdict, found, remedy }) => {
          const line = `${MARKS[verdict].padEnd(7)}${check.padEnd(20)}${found}\n`;
          return remedy === undefined ? line : `${line}${" ".repeat(27)}${remedy}\n`;
        })
        .join(""),
    );
    return faults === 0 ? EXIT.done : EXIT.no;
  },
});
