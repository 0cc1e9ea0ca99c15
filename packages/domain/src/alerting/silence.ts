import { type Labels, weeklyTime } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import * as z from "zod";
import type { ConfigIssue } from "../config/positions.ts";
import { type Parts, whole } from "../config/well-formed.ts";
import { allMatch, type Matcher, matchersOf } from "./matcher.ts";
import { matcherFaults } from "./routing-checks.ts";
import { isWithin, weeklyTimeFaults } from "./weekly-time.ts";

/** What keeps matching alerts from being told, for a while or at times that come back. */
const silence = z.object({
  silence_id: z.string(),
  matchers: z.array(z.string()).min(1),
  starts_at: z.number(),
  /** Without an end only where it comes back. */
  ends_at: z.number().optional(),
  recurring: weeklyTime().optional(),
  author: z.string(),
  comment: z.string(),
});
export type Silence = z.infer<typeof silence>;

/** A silence whose matchers have been read. */
export interface ReadySilence extends Omit<Silence, "matchers"> {
  matchers: readonly Matcher[];
}

/** Makes a checked silence ready to be asked. Throws where its matchers were not checked. */
export const ready = (silence: Silence): ReadySilence => ({ ...silence, matchers: matchersOf(silence.matchers) });

/** The first silence that holds for the labels at that moment. */
export function silencedBy(silences: readonly ReadySilence[], labels: Labels, at: Instant): ReadySilence | undefined {
  return silences.find(
    ({ matchers, starts_at, ends_at, recurring }) =>
      starts_at <= at &&
      at < (ends_at ?? Number.POSITIVE_INFINITY) &&
      allMatch(matchers, labels) &&
      (recurring === undefined || isWithin([recurring], at)),
  );
}

/**
 * What is wrong with one that somebody wants, as far as its parts are there.
 * @param now when it is made, unless it is part of a course of events
 */
export function silenceFaults(wanted: Parts<Silence>, now: Instant = Number.NEGATIVE_INFINITY): ConfigIssue[] {
  const { recurring } = wanted;
  return [
    ...matchersFaults(wanted.matchers),
    ...(recurring === undefined ? [] : weeklyTimeFaults(recurring, ["recurring"])),
    ...endFaults(wanted, now),
  ];
}

function matchersFaults(matchers: Parts<Silence>["matchers"]): ConfigIssue[] {
  const faults = matcherFaults(matchers, ["matchers"]);
  const read = faults.length > 0 ? [] : matchersOf(whole(matchers) ?? []);
  if (read.length === 0 || !allMatch(read, {})) return faults;
  return [{ path: ["matchers"], message: "match every alert: name at least one label that must be there" }];
}

function endFaults(wanted: Parts<Silence>, now: Instant): ConfigIssue[] {
  const { starts_at = Number.NEGATIVE_INFINITY, ends_at } = wanted;
  const fault = (message: string): ConfigIssue[] => [{ path: ["ends_at"], message }];
  if (ends_at === undefined)
    return wanted.recurring === undefined ? fault("is missing: only a silence that comes back has no end") : [];
  if (ends_at <= starts_at) return fault("must be after starts_at");
  return ends_at <= now ? fault("must be in the future: the silence would be over before it begins") : [];
}
