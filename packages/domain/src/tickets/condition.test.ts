import { expect, test } from "vitest";
import { type Condition, condition, holds } from "./condition.ts";
import type { Visit } from "./visit.ts";

const visit: Visit = {
  ticket: {
    ticket_id: "ticket_1",
    title: "Title",
    description: null,
    priority: "HIGH",
    external_ref: null,
    labels: ["docs", "api"],
  },
  number: 2,
  feedback: ["again"],
};

test.each<[unknown, boolean]>([
  [{ label: "docs" }, true],
  [{ label: "doc" }, false],
  [{ priority: "HIGH" }, true],
  [{ priority: ["LOW", "CRITICAL"] }, false],
  [{ has_external_ref: false }, true],
  [{ has_external_ref: true }, false],
  [{ has_feedback: true }, true],
  // Members given together must all hold.
  [{ label: "docs", priority: "HIGH" }, true],
  [{ label: "docs", priority: "LOW" }, false],
  [{ not: { label: "docs" } }, false],
  [{ any: [{ label: "x" }, { label: "api" }] }, true],
  [{ any: [{ label: "x" }, { label: "y" }] }, false],
  [{ all: [{ label: "docs" }, { not: { any: [{ label: "x" }, { priority: "LOW" }] } }] }, true],
  [{ all: [{ label: "docs" }, { label: "x" }] }, false],
])("%j", (given, expected) => {
  const parsed: Condition = condition.parse(given);
  expect(holds(parsed, visit)).toBe(expected);
});

test.each([[{}], [{ any: [] }], [{ labels: "x" }], [{ not: {} }], ["docs"]])("%j is refused", (given) => {
  expect(condition.safeParse(given).success).toBe(false);
});
