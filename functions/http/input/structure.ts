import type { Fault } from "@omoios/kernel/problem";
import { MAX_FAULTS, type Naming } from "./faults.ts";

/** Values inside values. The store takes 32 levels; what wraps a body there needs the rest. */
export const MAX_DEPTH = 24;
/** The store's numbers: nothing larger, and nothing smaller but zero. */
const LARGEST = 1e126;
const SMALLEST = 1e-130;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Faults that JSON allows and that no part of the plane could keep, whatever the schema says of the place where they stand. */
export function structureFaults(value: unknown, naming: Naming): Fault[] {
  const faults: Fault[] = [];
  const path: PropertyKey[] = [];
  const fault = (message: string): void => {
    if (faults.length < MAX_FAULTS) faults.push({ path: naming(path), message });
  };
  const walk = (at: unknown): void => {
    if (typeof at === "string" && LONE_SURROGATE.test(at)) fault("holds half a surrogate pair: send whole characters");
    if (typeof at === "number" && !holds(at)) fault("must be 0, or between 1e-130 and 1e126 in size");
    if (typeof at !== "object" || at === null) return;
    if (path.length >= MAX_DEPTH) {
      fault(`is nested deeper than ${MAX_DEPTH} levels`);
      return;
    }
    for (const key of Object.keys(at)) {
      path.push(key);
      if (key === "__proto__" || LONE_SURROGATE.test(key)) fault("is no name for a member");
      else walk((at as Record<string, unknown>)[key]);
      path.pop();
    }
  };
  walk(value);
  return faults;
}

function holds(number: number): boolean {
  const size = Math.abs(number);
  return size === 0 || (size >= SMALLEST && size < LARGEST);
}
