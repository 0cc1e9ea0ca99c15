import { describe, expect, it, vi } from "vitest";
import { isWithin, weeklyTimeFaults } from "./weekly-time.ts";

const nights = { weekdays: ["monday:friday"], hours: ["18:00-24:00"], zone: "Europe/Berlin" };

describe("times that come back", () => {
  it.each([
    ["on the minute of its begin, in winter", nights, "2026-01-05T17:00:00Z", true],
    ["before it, in winter", nights, "2026-01-05T16:59:59Z", false],
    ["on the minute of its begin, in summer", nights, "2026-07-06T16:00:00Z", true],
    ["before it, in summer", nights, "2026-07-06T15:59:59Z", false],
    ["up to midnight there", nights, "2026-01-05T22:59:59Z", true],
    ["at midnight there", nights, "2026-01-05T23:00:00Z", false],
    ["on a Friday", nights, "2026-01-09T20:00:00Z", true],
    ["on a Saturday", nights, "2026-01-10T20:00:00Z", false],
    ["on a Saturday there that is a Friday here", { ...nights, zone: "Asia/Tokyo" }, "2026-01-09T15:30:00Z", false],
    [
      "in the hour that the change to summer leaves out",
      { hours: ["02:00-03:00"], zone: "Europe/Berlin" },
      "2026-03-29T01:30:00Z",
      false,
    ],
    ["just before that hour", { hours: ["01:00-02:00"], zone: "Europe/Berlin" }, "2026-03-29T00:59:00Z", true],
    [
      "in the hour that comes twice, the first time",
      { hours: ["02:00-03:00"], zone: "Europe/Berlin" },
      "2026-10-25T00:30:00Z",
      true,
    ],
    [
      "in the hour that comes twice, the second time",
      { hours: ["02:00-03:00"], zone: "Europe/Berlin" },
      "2026-10-25T01:30:00Z",
      true,
    ],
    ["after it", { hours: ["02:00-03:00"], zone: "Europe/Berlin" }, "2026-10-25T02:00:00Z", false],
    ["over the end of a week", { weekdays: ["saturday:monday"], zone: "UTC" }, "2026-01-11T12:00:00Z", true],
    ["not in the week", { weekdays: ["saturday:monday"], zone: "UTC" }, "2026-01-13T12:00:00Z", false],
    ["on one day", { weekdays: ["tuesday"], zone: "UTC" }, "2026-01-13T12:00:00Z", true],
    ["at all times without days and hours", { zone: "UTC" }, "2026-01-13T12:00:00Z", true],
  ])("%s", (_, time, at, expected) => {
    expect(isWithin([time], Date.parse(at))).toBe(expected);
  });

  it.each([
    [{ weekdays: ["monday:noday"], zone: "UTC" }, "weekdays"],
    [{ weekdays: ["monday:tuesday:friday"], zone: "UTC" }, "weekdays"],
    [{ hours: ["24:00-25:00"], zone: "UTC" }, "hours"],
    [{ hours: ["9:00-10:00"], zone: "UTC" }, "hours"],
    [{ hours: ["10:00-10:00"], zone: "UTC" }, "hours"],
    [{ zone: "+02:00" }, "zone"],
    [{ zone: "Nowhere" }, "zone"],
  ])("refuses %j for its %s", (time, key) => {
    expect(weeklyTimeFaults(time, []).map(({ path }) => path[0])).toEqual([key]);
  });

  it("keeps one clock for a zone, however it is written, and none for what is no zone", () => {
    const made = vi.spyOn(Intl, "DateTimeFormat");
    const zones = ["Pacific/Chatham", "PACIFIC/CHATHAM", "pacific/chatham", "pacific/Chatham", "+02:00", "-11:30"];
    expect(zones.map((zone) => weeklyTimeFaults({ zone }, []).length)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(made).toHaveBeenCalledTimes(1);
    made.mockRestore();
  });
});
