import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { mount } from "./command.ts";
import { contents } from "./contents.ts";
import { EXIT, tellFailure } from "./failure.ts";
import { visibleButPainted } from "./output/visible.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one call of `omoi` and answers its exit code: 0 done, 1 the answer is no, 2 wrong use or wrong file. */
export async function runCli(args: string[], given: Terminal): Promise<number> {
  const terminal = showingAll(given);
  let exit: number = EXIT.done;
  const program = new Command("omoi")
    .description("Works with an OmoiOS plane: tickets, tasks, agents, events.")
    .version(`omoi ${packageJson.version}`, "-V, --version", "say which version this is")
    .addHelpText(
      "after",
      "\nThe plane is found by OMOI_URL and OMOI_API_KEY, else by .omoi/stage.json (OMOI_DATA_DIR).",
    )
    .configureHelp({ subcommandTerm })
    .exitOverride()
    .showHelpAfterError("(--help says how it is called)")
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(/^error: /, "omoi: ")),
      getOutHelpWidth: () => Math.min(terminal.columns, 120),
    });
  const onExit = (code: number): void => {
    exit = code;
  };
  for (const entry of contents) {
    if ("run" in entry) mount(program, entry, terminal, onExit);
    else {
      const group = new Command(entry.name).description(entry.about).copyInheritedSettings(program);
      for (const row of entry.commands) mount(group, row, terminal, onExit);
      program.addCommand(group);
    }
  }
  try {
    expectKnown(program, args);
    await program.parseAsync(args, { from: "user" });
    return exit;
  } catch (failure) {
    if (failure instanceof CommanderError) return failure.exitCode === 0 ? EXIT.done : EXIT.wrong_use;
    const told = tellFailure(failure, terminal.env);
    terminal.err(told.lines);
    return told.exit;
  }
}

/** Much of what is shown was written by others: no text of theirs gets to steer the terminal, whichever command shows it. */
const showingAll = (terminal: Terminal): Terminal => ({
  ...terminal,
  out: (text) => terminal.out(visibleButPainted(text)),
  err: (text) => terminal.err(visibleButPainted(text)),
});

/** That `help` is asked about commands that there are, as commander does not: it answers with the general help. */
function expectKnown(program: Command, [first, ...words]: readonly string[]): void {
  const group = program.commands.find((each) => each.name() === first);
  const [within, asked] = first === "help" ? [program, words[0]] : [group, words[0] === "help" ? words[1] : undefined];
  if (within === undefined || within.commands.length === 0 || asked === undefined || asked.startsWith("-")) return;
  if (asked !== "help" && !within.commands.some((each) => each.name() === asked)) {
    within.error(`error: unknown command '${asked}'`);
  }
}

/** In a list of commands only names and arguments stand; each command's own help has its options. */
function subcommandTerm(row: Command): string {
  return [row.name(), ...row.registeredArguments.map((argument) => `<${argument.name()}>`)].join(" ");
}
