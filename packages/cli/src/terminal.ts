/** Where the command writes, and what it may use there. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Characters in a line; unbounded where the output is no terminal. */
  columns: number;
  colours: boolean;
  env: NodeJS.ProcessEnv;
  now(): number;
}

/** The process's own terminal. Colours and cut lines are for people: a pipe gets neither, nor does who set `NO_COLOR`. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY,
    colours: stdout.isTTY === true && !env.NO_COLOR,
    env,
    now: () => Date.now(),
  };
}
