import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const artifact = z.object({
  type: z.string(),
  path: z.string().nullable(),
  content: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  phase_id: z.string(),
  visit: z.number(),
});
export type EvidenceArtifact = z.infer<typeof artifact>;

const move = z.object({ from: z.string().nullable(), to: z.string(), why: z.string() });

const attempt = z.object({
  attempt: z.number(),
  fence: z.number(),
  agent_id: z.string().nullable(),
  outcome: z.string(),
});

const task = z.object({ task_id: z.string(), phase_id: z.string(), status: z.string(), attempts: z.array(attempt) });
export type EvidenceTask = z.infer<typeof task>;

const ticket = z.object({
  ref: z.string(),
  ticket_id: z.string(),
  title: z.string(),
  phase_id: z.string(),
  status: z.string(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
  /** Oldest first. */
  history: z.array(move),
  tasks: z.array(task),
  artifacts: z.array(artifact),
});
export type TicketEvidence = z.infer<typeof ticket>;

const evidence = z.object({ tickets: z.array(ticket) });
export type Evidence = z.infer<typeof evidence>;

const FILE = "evidence.json";

type Get = (path: string, query?: Record<string, string>) => Promise<unknown>;

/** Reads everything that the plane holds about the demo's tickets. */
export async function readEvidence(get: Get): Promise<Evidence> {
  const tickets = await all(get, "/tickets", { project: "plaincsv" });
  const read = tickets.map(async (found) => {
    const head = z.looseObject({ ticket_id: z.string(), external_ref: z.string() }).parse(found);
    const path = `/tickets/${head.ticket_id}`;
    const [history, artifacts, tasks] = await Promise.all([
      all(get, `${path}/history`),
      all(get, `${path}/artifacts`),
      all(get, `${path}/tasks`),
    ]);
    const withAttempts = tasks.map(async (one) => {
      const { task_id } = z.looseObject({ task_id: z.string() }).parse(one);
      return { ...Object(one), attempts: await all(get, `/tasks/${task_id}/attempts`) };
    });
    return ticket.parse({
      ...head,
      ref: head.external_ref,
      history: history.reverse(),
      artifacts,
      tasks: await Promise.all(withAttempts),
    });
  });
  const parsed = await Promise.all(read);
  return { tickets: parsed.sort((a, b) => a.ref.localeCompare(b.ref)) };
}

/** A plain reader of a plane's routes: nothing of the plane's own code is between the answer and whoever judges it. */
export function planeReader(url: string, apiKey: string): Get {
  return async (path, query = {}) => {
    const address = `${url}/api/v1${path}?${new URLSearchParams(query)}`;
    const response = await fetch(address, { headers: { authorization: `Bearer ${apiKey}` } });
    if (!response.ok) throw new Error(`GET ${address} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
}

async function all(get: Get, path: string, query: Record<string, string> = {}): Promise<unknown[]> {
  const page = z.object({ items: z.array(z.unknown()), next_cursor: z.string().nullable() });
  const items: unknown[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const given = { ...query, limit: "100", ...(cursor === "" ? {} : { cursor }) };
    const read = page.parse(await get(path, given));
    items.push(...read.items);
    cursor = read.next_cursor;
  }
  return items;
}

/** Leaves the evidence beside what it speaks of, for whoever comes when the plane is gone. */
export function exportEvidence(root: string, exported: Evidence): void {
  const file = join(root, FILE);
  writeFileSync(`${file}.part`, `${JSON.stringify(exported, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}

/** Throws where there is no export, or where it has another shape. */
export function readExport(root: string): Evidence {
  return evidence.parse(JSON.parse(readFileSync(join(root, FILE), "utf8")));
}
