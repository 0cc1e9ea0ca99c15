import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** What is read of a CPU profile; the file keeps the rest. */
export const cpuProfile = z.looseObject({
  nodes: z.array(
    z.looseObject({
      id: z.int(),
      callFrame: z.looseObject({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()).default([]),
  timeDeltas: z.array(z.number()).default([]),
});
export type CpuProfile = z.infer<typeof cpuProfile>;

export interface Busy {
  function: string;
  /** File and line. */
  where: string;
  self_ms: number;
}

/** Functions by the time in which they themselves ran, the busiest first. */
export function busiest({ nodes, samples, timeDeltas }: CpuProfile): Busy[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const busy = new Map<string, Busy>();
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || /^\((idle|program|root)\)$/.test(frame.functionName)) continue;
    const name = frame.functionName || "(anonymous)";
    const where = frame.url === "" ? "" : `${placeOf(frame.url)}:${frame.lineNumber + 1}`;
    const row = busy.get(`${name} ${where}`) ?? { function: name, where, self_ms: 0 };
    // A delta stands before its sample: what was sampled ran until the next one.
    row.self_ms += (timeDeltas[index + 1] ?? 0) / 1000;
    busy.set(`${name} ${where}`, row);
  }
  return [...busy.values()].sort((a, b) => b.self_ms - a.self_ms);
}

function placeOf(url: string): string {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url.replace(/\?.*$/, ""));
  const here = relative(process.cwd(), path);
  return here.startsWith("..") ? path : here;
}
