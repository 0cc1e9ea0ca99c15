import { Command } from "commander";
import { Cli } from "./cli.ts";
import type { Terminal } from "./terminal.ts";

/** One command of `omoi`: how it is called, and what it does. Its answer is the exit code; nothing is 0. */
export interface CommandRow {
  /** Name and arguments: `cancel <task_id>`. */
  usage: string;
  about: string;
  options?: (command: Command) => unknown;
  run: (cli: Cli, args: readonly string[], options: never) => Promise<number | undefined>;
}

/** Arguments as commander gives them; the last may be a list. */
type Arguments = readonly (string | readonly string[] | undefined)[];

interface TypedRow<Args extends Arguments, Options> extends Omit<CommandRow, "run"> {
  // biome-ignore lint/suspicious/noConfusingVoidType: a command that only succeeds need not return anything.
  run: (cli: Cli, args: Args, options: Options) => Promise<number | void>;
}

/** Makes a row of a command whose arguments and options have these types, as its usage and options declare them. */
export function command<Args extends Arguments = [], Options = object>(row: TypedRow<Args, Options>): CommandRow {
  return row as unknown as CommandRow;
}

/** Puts a row under its group. */
export function mount(parent: Command, row: CommandRow, terminal: Terminal, onExit: (code: number) => void): void {
  const made = new Command(row.usage.split(" ")[0]).description(row.about);
  for (const argument of row.usage.split(" ").slice(1)) made.argument(argument);
  row.options?.(made);
  made.option("--json", "answer in JSON");
  made.action(async () => {
    const options = made.opts();
    onExit((await row.run(new Cli(terminal, options.json === true), made.processedArgs, options as never)) ?? 0);
  });
  parent.addCommand(made.copyInheritedSettings(parent));
}
