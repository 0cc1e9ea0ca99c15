import { describe, expect, it } from "vitest";
import { parseSchedule } from "./expression.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** expression, a time, the next one after it */
const cases: [string, string, string | undefined][] = [
  ["rate(1 minute)", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"],
  ["rate(5 minutes)", "2026-01-01T00:07:30Z", "2026-01-01T00:10:00Z"],
  ["rate(5 minutes)", "2025-12-31T23:00:00Z", "2026-01-01T00:05:00Z"],
  ["rate(2 hours)", "2026-01-01T03:00:00Z", "2026-01-01T04:00:00Z"],
  ["rate(1 day)", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"],
  ["at(2026-11-20T13:00:00)", "2026-11-20T12:59:59Z", "2026-11-20T13:00:00Z"],
  ["at(2026-11-20T13:00:00)", "2026-11-20T13:00:00Z", undefined],
  ["cron(0 10 * * ? *)", "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"],
  ["cron(15 12 * * ? *)", "2026-03-01T00:00:00Z", "2026-03-01T12:15:00Z"],
  ["cron(0 18 ? * MON-FRI *)", "2026-03-06T18:00:00Z", "2026-03-09T18:00:00Z"],
  ["cron(0 18 ? * 2-6 *)", "2026-03-06T18:00:00Z", "2026-03-09T18:00:00Z"],
  ["cron(0 0 ? * 1 *)", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"],
  ["cron(0 8 1 * ? *)", "2026-03-01T08:00:00Z", "2026-04-01T08:00:00Z"],
  ["cron(0/15 * * * ? *)", "2026-03-01T08:16:00Z", "2026-03-01T08:30:00Z"],
  ["cron(0/10 * ? * MON-FRI *)", "2026-03-06T23:55:00Z", "2026-03-09T00:00:00Z"],
  ["cron(0/5 8-17 ? * MON-FRI *)", "2026-03-06T17:56:00Z", "2026-03-09T08:00:00Z"],
  ["cron(5/20 10 * * ? *)", "2026-03-01T10:06:00Z", "2026-03-01T10:25:00Z"],
  ["cron(0 9 L * ? *)", "2028-02-01T00:00:00Z", "2028-02-29T09:00:00Z"],
  ["cron(0 9 15W * ? *)", "2026-02-01T00:00:00Z", "2026-02-16T09:00:00Z"],
  ["cron(0 9 1W * ? *)", "2026-07-31T12:00:00Z", "2026-08-03T09:00:00Z"],
  ["cron(0 9 ? * 3#2 *)", "2026-03-01T00:00:00Z", "2026-03-10T09:00:00Z"],
  ["cron(0 9 ? * TUE#2 *)", "2026-03-01T00:00:00Z", "2026-03-10T09:00:00Z"],
  ["cron(0 9 ? * 6L *)", "2026-03-01T00:00:00Z", "2026-03-27T09:00:00Z"],
  ["cron(0 9 ? * FRIL *)", "2026-03-01T00:00:00Z", "2026-03-27T09:00:00Z"],
  ["cron(0 9 ? * L *)", "2026-03-02T00:00:00Z", "2026-03-07T09:00:00Z"],
  ["cron(30 6 1,15 JAN,JUL ? 2027)", "2026-03-01T00:00:00Z", "2027-01-01T06:30:00Z"],
  ["cron(0 0 1 1 ? 2026-2028)", "2028-01-01T00:00:00Z", undefined],
  ["cron(0 0 29 2 ? *)", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"],
];

describe("a schedule", () => {
  it.each(cases)("%s after %s is %s", (expression, after, next) => {
    const found = parseSchedule(expression, start).next(Date.parse(after));
    expect(found).toBe(next === undefined ? undefined : Date.parse(next));
  });

  it.each([
    ["every minute", /must be rate/],
    ["rate(0 minutes)", /whole number/],
    ["rate(1 minutes)", /singular/],
    ["rate(5 minute)", /plural/],
    ["rate(5 seconds)", /minute/],
    ["cron(0 10 * * ?)", /six fields/],
    ["cron(0 10 * * * *)", /exactly one/],
    ["cron(0 10 ? * ? *)", /exactly one/],
    ["cron(? 10 * * ? *)", /only for a day/],
    ["cron(61 10 * * ? *)", /not valid/],
    ["cron(0 10 32W * ? *)", /no such day/],
    ["cron(0 10 ? * 8 *)", /not valid/],
    ["at(2026-11-20)", /yyyy-mm-dd/],
  ])("refuses %s", (expression, message) => {
    expect(() => parseSchedule(expression, start)).toThrow(message);
  });
});
