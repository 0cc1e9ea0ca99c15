import { catalogue } from "@omoios/contracts/metrics";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { ConfigIssue } from "../../config/positions.ts";
import { didYouMean } from "../../config/suggest.ts";
import { unknownLabel } from "./template.ts";

/** What is wrong with the metric and the labels of a test's series. */
export function checkSeries({ metric_name, labels }: { metric_name: string; labels: Labels }): ConfigIssue[] {
  const row = catalogue.get(metric_name);
  if (row === undefined) {
    const message = `unknown metric \`${metric_name}\`.${didYouMean(metric_name, catalogue.keys())}`;
    return [{ path: ["metric_name"], message }];
  }
  return Object.keys(labels)
    .filter((name) => !row.labels.includes(name))
    .map((name) => ({ path: ["labels", name], at: "key", message: unknownLabel(name, row.labels) }));
}
