import { open, rm, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { command } from "../command.ts";
import { positiveNumber } from "../parse-option.ts";
import { busiest, cpuProfile } from "../profile/busiest.ts";
import { WrongUse } from "../wrong-use.ts";

interface Options {
  seconds: number;
  out?: string;
}

const taken = z.object({ invocations: z.int(), profile: cpuProfile });
/** As many of the busiest as are shown. */
const SHOWN = 15;

export const profile = command<[name: string], Options>({
  usage: "profile <function>",
  about: "take a CPU profile of a function of the plane on this machine, for DevTools",
  options: (made) =>
    made
      .option("--seconds <number>", "for so long, at most 300", positiveNumber, 10)
      .option("--out <file>", "where it is written; <function>.cpuprofile unless given"),
  async run(cli, [name], { seconds, out = `${name}.cpuprofile` }) {
    const { profiles_url, api_key } = await cli.plane();
    if (profiles_url === undefined) {
      throw new WrongUse("profiles are taken of a plane on this machine: npm start, and no OMOI_URL");
    }
    const file = resolve(out);
    await expectWritable(file);
    cli.note(`looking at ${name} for ${seconds} s: give it work`);
    const reply = await ask(`${profiles_url}/${encodeURIComponent(name)}?seconds=${seconds}`, api_key);
    await writeFile(file, JSON.stringify(reply.profile));
    const all = busiest(reply.profile);
    const busy_ms = all.reduce((sum, { self_ms }) => sum + self_ms, 0);
    const items = all.slice(0, SHOWN);
    cli.show({ function: name, seconds, invocations: reply.invocations, busy_ms, file, busiest: items }, () => {
      const columns = [
        { head: "SELF MS", value: ({ self_ms }: (typeof items)[number]) => self_ms.toFixed(1), right: true },
        { head: "FUNCTION", value: (row: (typeof items)[number]) => row.function },
        { head: "WHERE", value: ({ where }: (typeof items)[number]) => where, cut: true },
      ];
      const head = `${reply.invocations} invocations, ${busy_ms.toFixed(0)} ms at work; ${file} opens in DevTools`;
      return `${head}\n${cli.table(items, columns, "it was not at work")}`;
    });
  },
});

/** Before the seconds are spent. Leaves no empty file behind where there was none. */
async function expectWritable(path: string): Promise<void> {
  try {
    const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    await (await open(path, "a")).close();
    if (there === undefined) await rm(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongUse(`${path} cannot be written (${code}): name a file in a folder that you may write to`);
  }
}

async function ask(url: string, key: string): Promise<z.infer<typeof taken>> {
  const response = await fetch(url, { method: "POST", headers: { authorization: `Bearer ${key}` } });
  const body: unknown = await response.json();
  if (response.ok) return taken.parse(body);
  const { detail } = z.object({ detail: z.string() }).parse(body);
  throw response.status === 409 ? new Error(detail) : new WrongUse(detail);
}
