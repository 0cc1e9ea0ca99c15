import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const entry = z.object({
  agent: z.string(),
  task_id: z.string(),
  ref: z.string(),
  phase_id: z.string(),
  step: z.enum(["started", "testing", "handed_in"]),
});
export type Activity = z.infer<typeof entry>;

const FILE = "activity.jsonl";

/** Begins a demo's folder: its record of activity is there before anything else, and tells the folder from others. */
export function beginActivity(root: string): void {
  // The plane keeps its keys beside it.
  mkdirSync(root, { recursive: true, mode: 0o700 });
  writeFileSync(join(root, FILE), "");
}

/** Whether a folder is a demo's. */
export function isDemoFolder(root: string): boolean {
  return existsSync(join(root, FILE));
}

/** Reads what the agents' commands wrote about themselves since the last call. */
export function activityReader(root: string): () => Activity[] {
  const file = join(root, FILE);
  let read = 0;
  return () => {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    // A line that is being written is read next time.
    const end = text.lastIndexOf("\n") + 1;
    const lines = text.slice(read, end).split("\n").filter(Boolean);
    read = end;
    return lines.map((line) => entry.parse(JSON.parse(line)));
  };
}
