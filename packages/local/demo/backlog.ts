import { readFileSync } from "node:fs";
import { createTicket } from "@omoios/contracts/shapes/ticket";
import { parse } from "yaml";
import * as z from "zod";

const filed = createTicket().pick({ title: true, description: true, priority: true, labels: true });
const backlog = z.strictObject({
  tickets: z.array(filed.extend({ ref: z.string().regex(/^[A-Z]+-\d+$/, "must look like CSV-1") })).min(5),
});

export type BacklogTicket = z.infer<typeof backlog>["tickets"][number];

/** The tickets of a backlog file, in its order. Throws with the path of each fault. */
export function readBacklog(file: URL): BacklogTicket[] {
  return backlog.parse(parse(readFileSync(file, "utf8"))).tickets;
}
