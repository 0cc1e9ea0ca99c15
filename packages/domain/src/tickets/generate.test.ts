import { readFileSync } from "node:fs";
import { seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { generateTasks } from "./generate.ts";
import { phaseOf } from "./transitions.ts";
import type { Visit } from "./visit.ts";
import { phase } from "./workflow.ts";
import { readWorkflow } from "./workflow-file.ts";

const visit: Visit = {
  ticket: {
    ticket_id: "ticket_1",
    title: "Read quoted fields",
    description: "Fields may hold ${visit} and line ends.",
    priority: "HIGH",
    external_ref: null,
    labels: ["docs", "api"],
  },
  number: 4,
  feedback: [],
};
const phaseWith = (templates: object[], more: object = {}) =>
  phase.parse({
    id: "PHASE_WORK",
    name: "Work",
    order: 1,
    column: "all",
    execution_mode: "implementation",
    task_templates: templates.map((template) => ({ title: "T", task_type: "work", ...template })),
    ...more,
  });
const graphOf = (templates: object[], given: Visit = visit) =>
  generateTasks(phaseWith(templates), given).map(({ identity, depends_on }) =>
    [identity, ...depends_on].map((id) => id.replace("ticket_1|4|", "")).join(" < "),
  );

describe("what a visit makes", () => {
  test.each<[string, object[], string[]]>([
    ["templates in their order", [{ key: "a" }, { key: "b" }], ["a|", "b|"]],
    ["each behind what it waits for", [{ key: "b", depends_on: ["a"] }, { key: "a" }], ["a|", "b| < a|"]],
    [
      "one task for each label, all of them waited for",
      [
        { key: "a", for_each: "ticket.labels" },
        { key: "b", depends_on: ["a"] },
      ],
      ["a|docs", "a|api", "b| < a|docs < a|api"],
    ],
    [
      "a list of its own, without doubles",
      [{ key: "a" }, { key: "b", for_each: ["x", "y", "x"], depends_on: ["a"] }],
      ["a|", "b|x < a|", "b|y < a|"],
    ],
    [
      "only what its condition allows",
      [
        { key: "a", when: { label: "docs" } },
        { key: "b", when: { label: "ui" } },
      ],
      ["a|"],
    ],
    [
      "what waited for a task left out waits for what that would have waited for",
      [
        { key: "a" },
        { key: "b", depends_on: ["a"], when: { label: "ui" } },
        { key: "c", depends_on: ["b"], when: { label: "ui" } },
        { key: "d", depends_on: ["c", "a"] },
      ],
      ["a|", "d| < a|"],
    ],
  ])("%s", (_, templates, expected) => {
    expect(graphOf(templates)).toEqual(expected);
  });

  test("a fan-out over no labels makes no task, and holds nobody up", () => {
    const bare = { ...visit, ticket: { ...visit.ticket, labels: [] } };
    const templates = [
      { key: "a" },
      { key: "b", for_each: "ticket.labels", depends_on: ["a"] },
      { key: "c", depends_on: ["b"] },
    ];
    expect(graphOf(templates, bare)).toEqual(["a|", "c| < a|"]);
  });
});

describe("a draft", () => {
  test("takes its fields from the template, and the priority from the ticket", () => {
    const [draft] = generateTasks(
      phaseWith([
        {
          key: "a",
          title: "Do  ${ticket.title}\nfor ${item} (${ticket.labels}, visit ${visit})",
          required_capabilities: ["Lang:Go", "code"],
          for_each: ["x"],
          timeout_seconds: 60,
          max_retries: 0,
          handoff: true,
        },
      ]),
      { ...visit, feedback: ["tests failed"] },
    );
    expect(draft).toEqual({
      identity: "ticket_1|4|a|x",
      template: "a",
      item: "x",
      title: "Do Read quoted fields for x (docs, api, visit 4)",
      description: expect.stringContaining("## Hand over"),
      task_type: "work",
      phase_id: "PHASE_WORK",
      priority: "HIGH",
      required_capabilities: ["code", "lang:go"],
      depends_on: [],
      timeout_seconds: 60,
      max_retries: 0,
      handoff: true,
      feedback: ["tests failed"],
    });
    expect(generateTasks(phaseWith([{ key: "a", priority: "LOW" }]), visit)[0]?.priority).toBe("LOW");
  });

  test("stays within the bounds of a task, whatever the ticket says", () => {
    const long = { ...visit, ticket: { ...visit.ticket, title: "👍".repeat(100), description: "👍".repeat(25_000) } };
    const templates = [{ key: "a", title: "Do ${ticket.title}", description: "Do it: ${ticket.description}" }];
    const [draft] = generateTasks(phaseWith(templates), long);
    expect(draft?.title).toMatch(/^Do (👍)+…$/u);
    expect(draft?.title.length).toBeLessThanOrEqual(200);
    expect(draft?.description).toMatch(/^Do it: (👍)+…$/u);
    expect(draft?.description.length).toBeLessThanOrEqual(50_000);
  });

  test("is named after its template where the title's variables are empty", () => {
    const [draft] = generateTasks(phaseWith([{ key: "a", title: "${ticket.external_ref}" }]), visit);
    expect(draft?.title).toBe("a");
  });
});

describe("random templates", () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))("seed %i", (seed) => {
    const random = seededRandom(seed);
    const size = 1 + Math.floor(random() * 12);
    const templates = Array.from({ length: size }, (_, n) => ({
      key: `t${n}`,
      depends_on: Array.from({ length: size }, (_, other) => `t${other}`).filter(
        (_, other) => other < n && random() < 0.3,
      ),
      ...(random() < 0.3 ? { when: { label: "ui" } } : {}),
      ...(random() < 0.3 ? { for_each: ["x", "y"] } : {}),
    }));
    const shuffled = [...templates].sort(() => random() - 0.5);
    const drafts = generateTasks(phaseWith(shuffled), visit);
    expect(generateTasks(phaseWith(shuffled), visit)).toEqual(drafts);

    const place = new Map(drafts.map(({ identity }, index) => [identity, index]));
    expect(place.size).toBe(drafts.length);
    const wanted = templates.filter(({ when }) => when === undefined);
    expect(new Set(drafts.map(({ template }) => template))).toEqual(new Set(wanted.map(({ key }) => key)));
    for (const [index, { depends_on }] of drafts.entries()) {
      for (const id of depends_on) expect(place.get(id)).toBeLessThan(index);
    }
    // Whoever stood behind another before stands behind it still, however many between them are left out.
    const behind = (key: string): Set<string> =>
      new Set(
        templates
          .filter((one) => one.key === key)
          .flatMap((one) => one.depends_on.flatMap((on) => [on, ...behind(on)])),
      );
    const reach = (identity: string): Set<string> =>
      new Set(
        drafts
          .filter((one) => one.identity === identity)
          .flatMap((one) => one.depends_on.flatMap((on) => [on, ...reach(on)])),
      );
    for (const draft of drafts) {
      const before = drafts
        .filter(({ template }) => behind(draft.template).has(template))
        .map(({ identity }) => identity);
      expect(reach(draft.identity)).toEqual(new Set(before));
    }
  });
});

test("each working phase of the shipped workflow makes one task that fits its ticket", () => {
  const file = new URL("../../../../config/workflows/software_development.yaml", import.meta.url);
  const read = readWorkflow(readFileSync(file, "utf8"), "software_development.yaml");
  const titles = read.ok ? read.value.phases.flatMap((one) => generateTasks(one, visit).map(({ title }) => title)) : [];
  expect(titles).toEqual(
    ["Analyze", "Design", "Implement", "Package", "Test", "Deploy"].map((verb) => `${verb}: Read quoted fields`),
  );
  const implementation = read.ok ? phaseOf(read.value, "PHASE_IMPLEMENTATION") : undefined;
  expect(implementation && generateTasks(implementation, visit)[0]?.description).toContain(
    "`test_coverage.coverage_percent`: at least 80 and at most 100",
  );
});
