import { Cron } from "croner";

/** When a schedule fires next. */
export interface Schedule {
  /** The first time after that one, in milliseconds since the epoch; `undefined` when there is none. */
  next(after: number): number | undefined;
}

const UNITS_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads an EventBridge schedule expression, in UTC: `rate(5 minutes)`, `cron(0 18 ? * MON-FRI *)`, `at(2026-11-20T13:00:00)`.
 * A rate counts from `start`.
 * @throws Error for an expression that AWS would refuse, with what is wrong.
 */
export function parseSchedule(expression: string, start: number): Schedule {
  const [, kind, content = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case "rate":
      return rate(expression, content, start);
    case "cron":
      return cron(expression, content);
    case "at":
      return at(expression, content);
    default:
      throw refused(expression, "it must be rate(…), cron(…) or at(…)");
  }
}

function rate(expression: string, content: string, start: number): Schedule {
  const [, digits, unit = "", plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(content) ?? [];
  const every = UNITS_MS[unit];
  if (digits === undefined || every === undefined)
    throw refused(expression, "a rate is a whole number and minute(s), hour(s) or day(s)");
  if ((digits === "1") === (plural === "s"))
    throw refused(expression, "1 takes the unit in the singular, all else in the plural");
  const period = Number(digits) * every;
  return {
    next: (after) => (after < start ? start + period : start + (Math.floor((after - start) / period) + 1) * period),
  };
}

function cron(expression: string, content: string): Schedule {
  const fields = content.split(/ +/);
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;
  if (fields.length !== 6)
    throw refused(expression, "cron has six fields: minute, hour, day of month, month, day of week, year");
  if ([minute, hour, month, year].some((field) => field.includes("?")))
    throw refused(expression, "? stands only for a day");
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) throw refused(expression, "exactly one of the two days must be ?");
  if (/^\d{1,2}W$/.test(dayOfMonth) && !inRange(dayOfMonth.slice(0, -1), 1, 31))
    throw refused(expression, "no such day of month");
  const counts = dayOfWeek.replaceAll(/[#/]\d+/g, "").match(/\d+/g) ?? [];
  if (!counts.every((day) => inRange(day, 1, 7))) throw refused(expression, "days of the week go from 1 (Sunday) to 7");
  const weekday = dayOfWeek === "L" ? "7" : dayOfWeek.replace("?", "*");
  const pattern = ["0", minute, hour, dayOfMonth.replace("?", "*"), month, weekday, year].join(" ");
  const job = compile(expression, pattern);
  return { next: (after) => job.nextRun(new Date(after))?.getTime() };
}

function compile(expression: string, pattern: string): Cron {
  try {
    // AWS counts the days of the week from Sunday = 1, and writes 0/15 where others write 0-59/15.
    const dialect = { mode: "7-part", alternativeWeekdays: true, sloppyRanges: true } as const;
    return new Cron(pattern, { paused: true, timezone: "UTC", ...dialect });
  } catch (error) {
    throw refused(expression, error instanceof Error ? error.message : String(error));
  }
}

function at(expression: string, content: string): Schedule {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(content) ? Date.parse(`${content}Z`) : Number.NaN;
  if (Number.isNaN(time)) throw refused(expression, "a time is written yyyy-mm-ddThh:mm:ss");
  return { next: (after) => (after < time ? time : undefined) };
}

const inRange = (digits: string, low: number, high: number) => Number(digits) >= low && Number(digits) <= high;

const refused = (expression: string, why: string) =>
  new Error(`Schedule expression ${expression} is not valid: ${why}.`);
