import type { Profiler } from "node:inspector";

/** A stretch of time in µs of the machine's steady clock, which a profile is told in too. */
export interface Stretch {
  from: number;
  until: number;
}

/** A profile in which nothing was at work but within the stretches: what the process did outside of them is idle time. */
export function onlyWithin(profile: Profiler.Profile, stretches: readonly Stretch[]): Profiler.Profile {
  const { samples = [], timeDeltas = [], startTime } = profile;
  const { nodes, idle } = withIdle(profile.nodes);
  let at = startTime;
  const kept = samples.map((node, index) => {
    at += timeDeltas[index] ?? 0;
    return stretches.some(({ from, until }) => from <= at && at <= until) ? node : idle;
  });
  const hits = countsOf(kept);
  return {
    ...profile,
    nodes: nodes.map((node) => ({ ...node, hitCount: hits.get(node.id) ?? 0 })),
    samples: kept,
  };
}

function countsOf(samples: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const node of samples) counts.set(node, (counts.get(node) ?? 0) + 1);
  return counts;
}

/** The nodes with one that stands for idle time, which a busy process may never have shown. */
function withIdle(nodes: readonly Profiler.ProfileNode[]): { nodes: Profiler.ProfileNode[]; idle: number } {
  const known = nodes.find(({ callFrame }) => callFrame.functionName === "(idle)");
  if (known !== undefined) return { nodes: [...nodes], idle: known.id };
  const id = Math.max(0, ...nodes.map((node) => node.id)) + 1;
  const callFrame = { functionName: "(idle)", scriptId: "0", url: "", lineNumber: -1, columnNumber: -1 };
  const [root, ...others] = nodes;
  const rooted = root === undefined ? [] : [{ ...root, children: [...(root.children ?? []), id] }];
  return { nodes: [...rooted, ...others, { id, callFrame, hitCount: 0, children: [] }], idle: id };
}
