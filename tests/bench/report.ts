import type { Figures } from "./figures.ts";
import { TARGETS, type Target } from "./targets.ts";

export interface Verdict {
  target: Target;
  value: number;
  met: boolean;
}

/** Holds the figures that were taken to their targets. Throws for a figure that has not the form of its target. */
export function judge(figures: Figures): Verdict[] {
  return TARGETS.filter(({ key }) => figures[key] !== undefined).flatMap((target) =>
    valuesOf(figures, target).map((value) => ({
      target,
      value,
      met: target.least ? value >= target.bound : value <= target.bound,
    })),
  );
}

function valuesOf(figures: Figures, { key, within }: Target): number[] {
  const figure = figures[key];
  if (typeof figure === "number") return [figure];
  return (within ?? []).map((name) => {
    const value = figure?.[name];
    if (typeof value !== "number") throw new Error(`${key} has no figure ${name}`);
    return value;
  });
}

/** Every figure on a line of its own; those with a target say whether it is met. */
export function linesOf(figures: Figures, verdicts: readonly Verdict[]): string[] {
  const rows = Object.entries(figures).flatMap(([key, figure]) => flat(key, figure));
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => {
    const verdict = verdicts.find(({ target }) => name === [target.key, ...(target.within ?? [])].join(" "));
    const line = `${name.padEnd(width)}  ${value.toLocaleString("en-US").padStart(12)}`;
    if (verdict === undefined) return line;
    const { bound, least, unit = "" } = verdict.target;
    return `${line}  ${least ? "≥" : "≤"} ${bound.toLocaleString("en-US")} ${unit} ${verdict.met ? "met" : "NOT MET"}`;
  });
}

type Figure = Figures[string] | Record<string, number>;

function flat(name: string, figure: Figure): [string, number][] {
  if (typeof figure === "number") return [[name, figure]];
  return Object.entries(figure).flatMap(([part, value]) => flat(`${name} ${part}`, value));
}
