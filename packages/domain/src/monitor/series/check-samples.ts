import type { MetricRow } from "@omoios/contracts/metrics";
import { catalogue } from "@omoios/contracts/metrics";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Sample } from "@omoios/contracts/shapes/sample";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";
import { pointerTo } from "@omoios/kernel/json-pointer";
import { type AuthorityName, hasAuthority } from "@omoios/kernel/principal";
import { type Fault, Problem } from "@omoios/kernel/problem";
import { didYouMean } from "../../config/suggest.ts";
import type { Parts } from "../../config/well-formed.ts";
import { type Point, type SeriesKey, seriesId } from "./model.ts";

/** The points that a call brings for one series. */
export interface Arrival extends SeriesKey {
  labels: Labels;
  points: Point[];
}

export interface SampleBounds {
  now: Instant;
  /** How far ahead of ours a sender's clock may be. */
  tolerance_ms: number;
  kept_ms: number;
  /** Of whoever sends. */
  authority: AuthorityName;
  /** An agent that sends: it tells of itself alone. */
  agent_id?: string | undefined;
}

/** The samples of a call by their series. Throws a problem with every fault: unknown metrics and labels, moments that cannot be. */
export function checkSamples(samples: readonly Sample[], bounds: SampleBounds): Arrival[] {
  const faults: Fault[] = [];
  const arrivals = new Map<string, Arrival>();
  for (const [index, sample] of samples.entries()) {
    const place = `/samples/${index}`;
    const row = catalogue.get(sample.metric_name);
    const at = sample.timestamp === undefined ? bounds.now : fromRfc3339(sample.timestamp);
    const labels = withoutEmpty(ownLabels(sample, row, bounds.agent_id));
    expectTold(sample.metric_name, row, bounds);
    faults.push(...metricFaults(sample.metric_name, row, place), ...labelFaults(labels, row, `${place}/labels`));
    faults.push(...timeFaults(at, bounds, `${place}/timestamp`));
    const id = seriesId(sample.metric_name, labels);
    const arrival = arrivals.get(id) ?? { id, metric: sample.metric_name, labels, points: [] };
    arrival.points.push([at ?? bounds.now, sample.value]);
    arrivals.set(id, arrival);
  }
  if (faults.length > 0) throw new Problem("request.invalid", { errors: faults });
  return [...arrivals.values()];
}

/** What the catalogue has against what can be read of some samples. Who may send them, and when, is for `checkSamples` to say. */
export function readableSampleFaults(samples: readonly (Parts<Sample> | undefined)[]): Fault[] {
  return samples.flatMap((sample, index) => {
    if (sample?.metric_name === undefined) return [];
    const place = `/samples/${index}`;
    const row = catalogue.get(sample.metric_name);
    const labels = Object.entries(sample.labels ?? {}).flatMap(([label, text]): [string, string][] =>
      text === undefined || text === "" ? [] : [[label, text]],
    );
    return [
      ...metricFaults(sample.metric_name, row, place),
      ...labelFaults(Object.fromEntries(labels), row, `${place}/labels`),
    ];
  });
}

/** An agent's samples are its own whether they say so or not; of another one, and of the stage, it cannot tell. */
function ownLabels({ labels }: Sample, row: MetricRow | undefined, agent_id: string | undefined): Labels {
  if (agent_id === undefined || row === undefined) return labels;
  const own = { ...labels, agent_id: labels.agent_id ?? agent_id };
  if (row.labels.includes("agent_id") && own.agent_id === agent_id) return own;
  throw new Problem("auth.forbidden", {
    detail: "An agent sends samples of itself: with its own agent_id as a label",
    remedy: "Leave agent_id out, or send samples of others and of the stage with an operator's key.",
  });
}

/** What a sample of the plane's own figures can set off: an alert, on which the guardian acts. */
const OWN_FIGURES = "GUARDIAN";

/** What the plane measures it is told by those only who may do by hand what follows from it. */
function expectTold(name: string, row: MetricRow | undefined, { agent_id, authority }: SampleBounds): void {
  if (row === undefined || row.unmeasured !== undefined || hasAuthority({ authority }, OWN_FIGURES)) return;
  if (agent_id !== undefined && row.of_agent === true) return;
  const sent = [...catalogue].flatMap(([known, { unmeasured }]) => (unmeasured === undefined ? [] : [known]));
  throw new Problem("auth.authority_too_low", {
    detail: `The plane measures ${name} itself: samples of it take the authority ${OWN_FIGURES}, as alerts and what is done about them follow from it. Leave it to the plane, or send one of ${sent.join(", ")}.`,
  });
}

const withoutEmpty = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ""));

function metricFaults(name: string, row: MetricRow | undefined, place: string): Fault[] {
  if (row !== undefined) return [];
  return [
    { path: `${place}/metric_name`, message: `unknown metric \`${name}\`.${didYouMean(name, catalogue.keys())}` },
  ];
}

/** Labels that the metric does not have. `place` is what stands before a label's name. */
export function labelFaults(labels: Labels, row: MetricRow | undefined, place: string): Fault[] {
  if (row === undefined) return [];
  const known = row.labels.length === 0 ? "it has none" : `it has ${row.labels.join(", ")}`;
  return Object.keys(labels)
    .filter((name) => !row.labels.includes(name))
    .map((name) => ({
      path: place + pointerTo([name]),
      message: `is no label of the metric: ${known}.${didYouMean(name, row.labels)}`,
    }));
}

/** Values of a label that a message names. */
const NAMED = 5;

/** Labels that series have beside those given, where any have those: one series is told from another by all of them. */
export function missingLabels(labels: Labels, series: readonly { labels: Labels }[]): Fault[] {
  const meant = series.filter((each) => Object.entries(labels).every(([name, text]) => each.labels[name] === text));
  const names = new Set(meant.flatMap((each) => Object.keys(each.labels)).filter((name) => labels[name] === undefined));
  return [...names].sort().map((name) => {
    const texts = [...new Set(meant.map((each) => each.labels[name] ?? '""'))].sort();
    const more = texts.length > NAMED ? ` and ${texts.length - NAMED} more` : "";
    return {
      path: name,
      message: `is needed to name one series: there are ${texts.slice(0, NAMED).join(", ")}${more}`,
    };
  });
}

function timeFaults(at: Instant | undefined, { now, tolerance_ms, kept_ms }: SampleBounds, path: string): Fault[] {
  if (at === undefined) return [{ path, message: "must be an RFC 3339 time" }];
  if (at > now + tolerance_ms) return [{ path, message: "lies in the future: set the sender's clock" }];
  if (at < now - kept_ms) return [{ path, message: `is older than samples are kept: ${kept_ms / 86_400_000} days` }];
  return [];
}
