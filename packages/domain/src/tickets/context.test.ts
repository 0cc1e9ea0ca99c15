import { jsonBytes } from "@omoios/contracts/shapes/size";
import { context as contextShape } from "@omoios/contracts/views/task";
import { type Random, seededRandom } from "@omoios/kernel/random";
import { describe, expect, test } from "vitest";
import { type ContextSources, compileContext } from "./context.ts";

const noSources: ContextSources = {
  outputs: [],
  artifacts: [],
  handoffs: [],
  feedback: [],
  errors: [],
  notes: [],
};

const handoffOf = (done: string): ContextSources["handoffs"][number] => ({
  task_id: "task_1",
  from: "attempt",
  handoff: { done: [done] },
});

test("everything is there where it fits, in order, each thing once", () => {
  const context = compileContext(
    {
      outputs: [
        { summary: "First.", decisions: ["Use A.", "Use B."], risks: ["Slow."] },
        "Second.",
        { summary: "Third.", decisions: ["Use  A.", "Use C."], notes: ["Noted.", "Answer."] },
      ],
      artifacts: [
        { type: "design_document", path: "d.md", url: null },
        { type: "design_document", path: "d.md", url: null },
      ],
      handoffs: [handoffOf("built")],
      feedback: ["Failed twice.", "Failed twice."],
      errors: ["timeout"],
      notes: ["Answer."],
    },
    8_000,
  );
  expect(context).toEqual({
    summaries: ["First.", "Second.", "Third."],
    decisions: ["Use A.", "Use B.", "Use C."],
    risks: ["Slow."],
    notes: ["Answer.", "Noted."],
    artifacts: [{ type: "design_document", path: "d.md", url: null }],
    handoffs: [handoffOf("built")],
    feedback: ["Failed twice."],
    errors: ["timeout"],
    budget_tokens: 8_000,
    tokens: expect.any(Number),
    cut: [],
  });
});

describe("where it does not fit", () => {
  const outputs = Array.from({ length: 10 }, (_, n) => ({
    summary: `Summary ${n}. ${"It went on and on. ".repeat(8)}`,
    decisions: [`Decision ${n}.`],
  }));

  test("decisions stay whole before summaries, and the newest summaries are kept", () => {
    const context = compileContext({ ...noSources, outputs }, 250);
    expect(context.decisions).toHaveLength(10);
    const kept = context.summaries.map((text) => Number(/\d+/.exec(text)?.[0]));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept).toEqual(outputs.map((_, n) => n).slice(-kept.length));
    expect(context.cut).toEqual([expect.stringMatching(/^\d of 10 summaries$/)]);
  });

  test("a text is cut at the end of a sentence, and says so", () => {
    const context = compileContext({ ...noSources, outputs: ["One. Two. ".repeat(200)] }, 200);
    expect(context.summaries[0]).toMatch(/^One\. .*(One|Two)\. \[…\]$/);
    expect(context.cut).toEqual(["1 of 1 summaries"]);
  });

  test("feedback and errors come first, and leave room for the others", () => {
    const context = compileContext(
      {
        ...noSources,
        outputs,
        feedback: Array.from({ length: 9 }, (_, n) => `Feedback ${n}. ${"Again. ".repeat(30)}`),
        errors: ["Stack. ".repeat(2_000)],
      },
      600,
    );
    expect(context.feedback.at(-1)).toMatch(/^Feedback 8\./);
    expect(context.errors[0]).toMatch(/^Stack\. .*\[…\]$/);
    expect(context.decisions).toHaveLength(10);
    expect(context.cut.map((line) => line.split(" ").at(-1))).toEqual(["feedback", "errors", "summaries"]);
  });

  test("of a handoff, what weighs most is kept", () => {
    const handoff = { done: ["x".repeat(2_000)], remaining: ["the docs"] };
    const context = compileContext(
      { ...noSources, handoffs: [{ task_id: "task_1", from: "dependency", handoff }] },
      300,
    );
    expect(context.handoffs).toEqual([{ task_id: "task_1", from: "dependency", handoff: { remaining: ["the docs"] } }]);
    expect(context.cut).toEqual(["1 of 1 handoffs"]);
  });
});

describe("no context ever exceeds its budget", () => {
  const PIECES = ["A word. ", "no end ", "ü € 👍🏽 ", "line\n", '"quoted" ', "e.g. this! ", "\\ \u0007 ", "\ud800 "];
  const anyText = (random: Random) =>
    Array.from({ length: Math.floor(random() ** 3 * 200) }, () => PIECES[Math.floor(random() * PIECES.length)]).join(
      "",
    );
  const some = <T>(random: Random, most: number, make: () => T) =>
    Array.from({ length: Math.floor(random() * most) }, make);

  test.each(Array.from({ length: 300 }, (_, seed) => seed))("seed %i", (seed) => {
    const random = seededRandom(seed);
    const text = () => anyText(random);
    const texts = (most: number) => some(random, most, text);
    const sources: ContextSources = {
      outputs: some(random, 12, () =>
        random() < 0.2
          ? text()
          : { summary: text(), decisions: texts(6), risks: texts(4), notes: texts(4), other: text() },
      ),
      artifacts: some(random, 20, () => ({ type: "report", path: text().slice(0, 100), url: null })),
      handoffs: some(random, 4, () => ({
        task_id: text(),
        from: "attempt" as const,
        handoff: { done: texts(9), remaining: texts(3) },
      })),
      feedback: texts(5),
      errors: texts(5),
      notes: texts(5),
    };
    const budget = 100 + Math.floor(random() ** 3 * 8_000);
    const context = compileContext(sources, budget);
    expect(compileContext(structuredClone(sources), budget)).toEqual(context);
    expect(contextShape.parse(context)).toEqual(context);
    expect(context.budget_tokens).toBe(budget);
    expect(context.tokens).toBeLessThanOrEqual(budget);
    expect(Math.ceil(jsonBytes(context) / 4)).toBeLessThanOrEqual(context.tokens);

    // What is not counted as cut is whole, and in the order in which it came.
    const whole = compileContext(sources, 1_000_000);
    expect(whole.cut).toEqual([]);
    for (const kind of ["summaries", "decisions", "risks", "notes", "feedback", "errors"] as const) {
      const kept = context[kind].filter((entry) => whole[kind].includes(entry));
      expect(kept).toEqual(whole[kind].filter((entry) => kept.includes(entry)));
      const cutEnds = context[kind].filter((entry) => !whole[kind].includes(entry));
      for (const entry of cutEnds) {
        expect(entry.endsWith(" […]")).toBe(true);
        expect(whole[kind].some((text) => text.startsWith(entry.slice(0, -4)))).toBe(true);
      }
      if (kept.length < whole[kind].length) expect(context.cut.length).toBeGreaterThan(0);
    }
  });
});

test("a budget that could not hold the frame counts as the smallest one", () => {
  const context = compileContext({ ...noSources, outputs: ["Done. ".repeat(500)] }, 1);
  expect(context.budget_tokens).toBe(100);
  expect(context.tokens).toBeLessThanOrEqual(100);
});
