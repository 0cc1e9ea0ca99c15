import { FIGURES_NAMESPACE } from "@omoios/contracts/bounded-figures";
import type { Instant } from "@omoios/kernel/clock";
import type { BoundedFigure } from "./bounded.ts";

/** Figures as lines of a log that CloudWatch makes metrics of (embedded metric format): one for each set of labels. */
export function embeddedLines(figures: readonly BoundedFigure[], stage: string, now: Instant): string[] {
  const sets = new Map<string, BoundedFigure[]>();
  for (const figure of figures) {
    const key = `${figure.dimension}#${figure.of}`;
    sets.set(key, [...(sets.get(key) ?? []), figure]);
  }
  return [...sets.values()].map((own) => {
    const { dimension = "stage", of = "" } = own[0] ?? {};
    const labels: Record<string, string> = dimension === "stage" ? { stage } : { stage, [dimension]: of };
    const directive = {
      Namespace: FIGURES_NAMESPACE,
      Dimensions: [Object.keys(labels)],
      Metrics: own.map(({ name }) => ({ Name: name })),
    };
    return JSON.stringify({
      _aws: { Timestamp: now, CloudWatchMetrics: [directive] },
      ...labels,
      ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
    });
  });
}
