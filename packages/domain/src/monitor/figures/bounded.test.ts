import { boundedFigures } from "@omoios/contracts/bounded-figures";
import { expect, test } from "vitest";
import { boundedFiguresOf, newsOf } from "./bounded.ts";
import { embeddedLines } from "./embedded.ts";
import { NEW_MEMORY } from "./memory.ts";
import { newTally, type Tally } from "./tally.ts";

const NOW = 3_600_000;
const tally = (scope: string, totals: Tally["totals"]): Tally => ({ ...newTally(scope), totals });
const phases = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    tally(`phase#P${n}`, {
      "queued#CRITICAL": 1,
      "queued#HIGH": 1,
      "queued#MEDIUM": 1,
      "queued#LOW": 1,
      running: 1,
      completed: 3,
      failed: 1,
      dead_lettered: 1,
    }),
  );
const alerts = tally("alerts", { info: 1, warning: 2, error: 3, critical: 4 });
const sent = tally(
  "notifications",
  Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [`r${n}#delivered`, `r${n}#refused`, `r${n}#gave_up`]).flatMap((names) =>
      names.map((name) => [name, 1]),
    ),
  ),
);
const memory = {
  ...NEW_MEMORY,
  availability: [{ hour: 1, good: 1, all: 2 }],
  success: [{ hour: 1, good: 3, all: 4 }],
  fleet: { active: 5, stale: 1, failed: 2, stuck: 1, blocked: 3 },
};

test("a stage has sixty series at most, however many phases and receivers it has", () => {
  const figures = boundedFiguresOf([...phases(100), alerts, sent], NEW_MEMORY, memory, NOW);
  const { news } = newsOf(figures);
  expect(news.length).toBe(figures.length);
  expect(new Set(news.map(({ dimension, of, name }) => `${dimension} ${of} ${name}`)).size).toBe(news.length);
  // Each process tells of its caches by itself.
  const beside = boundedFigures.stage.filter((name) => !news.some((told) => told.name === name));
  expect(beside).toEqual(["cache_hits_total", "cache_reads_total"]);
  expect(news.length + beside.length).toBeLessThanOrEqual(60);
  const queued = (dimension: string) =>
    news.filter((each) => each.dimension === dimension && each.name === "tasks_queued_total");
  const sum = (dimension: string) => queued(dimension).reduce((all, { value }) => all + value, 0);
  expect([sum("priority"), sum("phase_id")]).toEqual([400, 400]);
});

test("nothing is told while nothing changes", () => {
  const tallies = [...phases(2), alerts, sent];
  const first = newsOf(boundedFiguresOf(tallies, NEW_MEMORY, memory, NOW));
  const sampled = Object.fromEntries(
    tallies.flatMap(({ scope, totals }) => Object.entries(totals).map(([name, value]) => [`${scope}#${name}`, value])),
  );
  const second = newsOf(boundedFiguresOf(tallies, { ...memory, sampled }, memory, NOW), first.told);
  expect(second).toEqual({ news: [], told: first.told });
  expect(newsOf(boundedFiguresOf([], NEW_MEMORY, NEW_MEMORY, NOW)).news).toEqual([]);
});

test("a figure that went back to nothing is told so", () => {
  const { told } = newsOf(boundedFiguresOf([alerts], NEW_MEMORY, NEW_MEMORY, NOW));
  const { news } = newsOf(boundedFiguresOf([tally("alerts", { critical: 0 })], NEW_MEMORY, NEW_MEMORY, NOW), told);
  expect(news.map(({ of, value }) => [of, value])).toEqual([
    ["info", 0],
    ["warning", 0],
    ["error", 0],
    ["critical", 0],
  ]);
});

test("lines are in the embedded metric format: one for each set of labels, with its metrics as members", () => {
  const { news } = newsOf(boundedFiguresOf([...phases(1), alerts], NEW_MEMORY, memory, NOW));
  const lines = embeddedLines(news, "dev", NOW).map((line) => JSON.parse(line));
  for (const line of lines) {
    const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
    expect([Namespace, line._aws.Timestamp, line.stage]).toEqual(["OmoiOS", NOW, "dev"]);
    expect(Dimensions[0].every((name: string) => typeof line[name] === "string")).toBe(true);
    expect(Metrics.every(({ Name }: { Name: string }) => typeof line[Name] === "number")).toBe(true);
  }
  expect(lines).toContainEqual(expect.objectContaining({ severity: "critical", alerts_active: 4 }));
  expect(lines).toContainEqual(
    expect.objectContaining({ tasks_running: 1, agents_stale: 1, task_success_ratio: 0.75 }),
  );
});
