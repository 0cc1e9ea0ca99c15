import { catalogue, type MetricRow } from "@omoios/contracts/metrics";
import type { Series } from "./series/model.ts";

/**
 * The last samples of series as OpenMetrics 1.0. Dots become underscores; counters get the suffix `_total` where they lack it; of a
 * histogram the plane keeps means, which are of no type that OpenMetrics knows. Samples carry no time of their own: a value that was
 * written when it changed is what is so now, and Prometheus drops what is older than five minutes.
 */
export function openMetrics(all: readonly Series[]): string {
  const families = new Map<string, Series[]>();
  for (const series of all) families.set(series.metric, [...(families.get(series.metric) ?? []), series]);
  const lines = [...families].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([metric, own]) => familyLines(metric, own));
  return `${[...lines, "# EOF"].join("\n")}\n`;
}

const TYPES: Readonly<Record<MetricRow["kind"], string>> = { gauge: "gauge", counter: "counter", histogram: "unknown" };

/** Units that stand at the end of a name. */
const UNITS = ["seconds", "ratio"];

function familyLines(metric: string, all: readonly Series[]): string[] {
  const row = catalogue.get(metric);
  if (row === undefined) return [];
  const written = metric.replaceAll(".", "_");
  const family = row.kind === "counter" ? written.replace(/_total$/, "") : written;
  const name = row.kind === "counter" ? `${family}_total` : family;
  const samples = all.flatMap(({ labels, recent }) =>
    recent.slice(-1).map(([, value]) => `${name}${labelText(labels)} ${value}`),
  );
  const unit = UNITS.find((each) => family.endsWith(`_${each}`));
  const units = unit === undefined ? [] : [`# UNIT ${family} ${unit}`];
  return [
    `# TYPE ${family} ${TYPES[row.kind]}`,
    ...units,
    `# HELP ${family} ${escaped(row.meaning)}`,
    ...samples.sort(),
  ];
}

function labelText(labels: Series["labels"]): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? "" : `{${pairs.map(([name, text]) => `${name}="${escaped(text)}"`).join(",")}}`;
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
