import { parseArgs } from "node:util";
import * as z from "zod";

export const USAGE = `Usage: npm run demo -- [OPTIONS]

Starts a plane, makes a small library's repository, files its backlog as tickets, and lets six agents take every ticket from
requirements to deployment. One of them is killed in the middle of a task, and one change fails its gate and goes back.

--data-dir DIR   the plane's data and the demo's folder; an earlier demo there is removed (.omoi/demo)
--port N         the plane's port (a free one)
--keep           leave the plane running at the end, until Ctrl-C
--kill-plane N   kill the plane N times at random moments and start it again
--seed S         of those moments (1)
--limit SECONDS  give up after so long (180; 900 with --kill-plane)
Exit codes: 0 every ticket is done and every rule held, 1 not so, 2 wrong use.`;

const count = z.coerce.number().int().min(0);
const shape = z.object({
  "data-dir": z.string().min(1).default(".omoi/demo"),
  port: count.max(65_535).optional(),
  keep: z.boolean().default(false),
  "kill-plane": count.default(0),
  seed: count.default(1),
  limit: count.min(1).optional(),
  help: z.boolean().default(false),
});

export type DemoOptions = z.infer<typeof shape> & { limit: number };

/** Reads the command line. Throws an error that names the option. */
export function readOptions(args: string[]): DemoOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    args,
    options: { "data-dir": text, port: text, keep: flag, "kill-plane": text, seed: text, limit: text, help: flag },
  });
  const parsed = shape.safeParse(values);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("\n"));
  }
  return { ...parsed.data, limit: parsed.data.limit ?? (parsed.data["kill-plane"] > 0 ? 900 : 180) };
}
