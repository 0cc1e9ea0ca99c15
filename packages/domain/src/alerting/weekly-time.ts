import type { WeeklyTime } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { didYouMean } from "../config/suggest.ts";
import { entriesOf, type Parts } from "../config/well-formed.ts";

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
const ZONE_NAME = /^[A-Z][\w+/-]*$/i;
const MINUTES_A_DAY = 24 * 60;

/** Whether the moment lies in one of the times. The zone's own clock is read, so that summer time needs no thought. */
export function isWithin(times: readonly WeeklyTime[], at: Instant): boolean {
  return times.some((time) => {
    const { day, minute } = clockOf(time.zone, at);
    const onDay = (time.weekdays ?? ["sunday:saturday"]).some((range) => daysOf(range)?.includes(day));
    return onDay && (time.hours ?? ["00:00-24:00"]).some((range) => holds(range, minute));
  });
}

/** What is wrong with weekdays, hours or zone, as far as they are there, at their places below `path`. */
export function weeklyTimeFaults({ weekdays, hours, zone }: Parts<WeeklyTime>, path: ConfigPath): ConfigIssue[] {
  const days = entriesOf(weekdays).flatMap(({ entry: range, index }) => {
    if (daysOf(range) !== undefined) return [];
    const hint = didYouMean(range.split(":").find((name) => dayOf(name) === -1) ?? "", DAYS);
    return [
      { path: [...path, "weekdays", index], message: `${range} is no weekday or range such as monday:friday.${hint}` },
    ];
  });
  const clock = entriesOf(hours).flatMap(({ entry: range, index }) =>
    hoursFault(range).map((message) => ({ path: [...path, "hours", index], message })),
  );
  if (zone === undefined || isZone(zone)) return [...days, ...clock];
  const hint = didYouMean(zone, Intl.supportedValuesOf("timeZone"));
  return [
    ...days,
    ...clock,
    { path: [...path, "zone"], message: `there is no zone ${zone}: write one such as Europe/Berlin.${hint}` },
  ];
}

function hoursFault(range: string): string[] {
  const minutes = minutesOf(range);
  if (minutes === undefined) return [`${range} are no hours: write them as 18:00-24:00`];
  if (minutes.from < minutes.until) return [];
  const [from, until] = range.split("-");
  return [`${range} end before they begin: write the night as two, ${from}-24:00 and 00:00-${until}`];
}

function daysOf(range: string): number[] | undefined {
  const [from = -1, until = from, ...more] = range.split(":").map(dayOf);
  if (from === -1 || until === -1 || more.length > 0) return undefined;
  return Array.from({ length: ((until - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

const dayOf = (name: string) => (DAYS as readonly string[]).indexOf(name.trim().toLowerCase());

function minutesOf(range: string): { from: number; until: number } | undefined {
  const parts = HOURS.exec(range.replaceAll(" ", ""));
  if (parts === null) return undefined;
  const [, hour, minute, untilHour, untilMinute] = parts;
  const until = untilHour === undefined ? MINUTES_A_DAY : Number(untilHour) * 60 + Number(untilMinute);
  return { from: Number(hour) * 60 + Number(minute), until };
}

function holds(range: string, minute: number): boolean {
  const minutes = minutesOf(range);
  return minutes !== undefined && minute >= minutes.from && minute < minutes.until;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Day of the week (0 is Sunday) and minute of the day, as a clock in the zone shows them. */
function clockOf(zone: string, at: Instant): { day: number; minute: number } {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = dayOf(parts.get("weekday") ?? "");
  return { day, minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}

/**
 * Kept by zone, in whatever case it is written: making one costs a hundred times its use, and there are no more than there are zones.
 * Throws a RangeError for an unknown zone.
 */
function formatOf(zone: string): Intl.DateTimeFormat {
  const name = zone.toLowerCase();
  const known = clocks.get(name);
  if (known !== undefined) return known;
  const options = { timeZone: zone, weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const made = new Intl.DateTimeFormat("en-US", options);
  clocks.set(name, made);
  return made;
}

function isZone(zone: string): boolean {
  // An offset such as +02:00 may be understood too, and knows no summer time.
  if (!ZONE_NAME.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
