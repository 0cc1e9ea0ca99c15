import { jsonBytes } from "@omoios/contracts/shapes/size";
import type { TaskContext } from "@omoios/contracts/views/task";
import { describe, expect, test } from "vitest";
import type { OwnContext } from "../tasks/parts.ts";
import { compileContext } from "./context.ts";
import { fitContext } from "./fit-context.ts";
import { tokensOf } from "./tokens.ts";

const BUDGET = 1_000;
const none: OwnContext = { notes: [], handoffs: [], feedback: [], errors: [] };
const sentences = (word: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${word} ${n} is so.`).join(" ");
const ticketOf = (outputs: readonly unknown[], budget = BUDGET): TaskContext =>
  compileContext(
    { outputs, artifacts: [], handoffs: [], feedback: ["Came back."], errors: [], notes: ["A person said."] },
    budget,
  );
const small = ticketOf([{ summary: "Planned.", decisions: ["Use SQL."], risks: ["Late."], notes: ["See the wiki."] }]);
const handoff = { task_id: "task_1", from: "attempt" as const, handoff: { done: ["Read it."] } };

describe("a ticket's context with a task's own in it", () => {
  test("is the ticket's where the task has none", () => {
    expect(fitContext(small, none)).toBe(small);
  });

  test("holds both where both fit, the task's own notes first, and counts them", () => {
    const own = { notes: ["Spaces."], handoffs: [handoff], feedback: ["Came back.", "Again."], errors: ["reset"] };
    const fitted = fitContext(small, own);
    expect(fitted).toMatchObject({
      summaries: ["Planned."],
      decisions: ["Use SQL."],
      risks: ["Late."],
      notes: ["Spaces.", "A person said.", "See the wiki."],
      handoffs: [handoff],
      feedback: ["Came back.", "Again."],
      errors: ["reset"],
      budget_tokens: BUDGET,
      cut: [],
    });
    // The count's own digits are counted as the budget's, so it may be one too many.
    expect([0, 1]).toContain(fitted.tokens - tokensOf(jsonBytes(fitted)));
    expect(fitted.tokens).toBeGreaterThan(small.tokens);
  });

  test("tells a dependency's handoff once, as the dependency left it, and each handoff of its own attempts", () => {
    const from = "dependency" as const;
    const ticket = { ...small, handoffs: [{ ...handoff, from, handoff: { done: ["Read […]"] } }] };
    const handoffs = [
      { ...handoff, from },
      { ...handoff, handoff: { done: ["One."] } },
      { ...handoff, handoff: { done: ["Two."] } },
    ];
    expect(fitContext(ticket, { ...none, handoffs }).handoffs).toEqual(handoffs);
  });

  test.each<[string, TaskContext, OwnContext]>([
    [
      "a full ticket and a short error",
      ticketOf([{ summary: sentences("Plan", 900) }]),
      { ...none, errors: ["reset"] },
    ],
    ["ten long errors", small, { ...none, errors: Array.from({ length: 10 }, (_, n) => sentences(`Error ${n}`, 500)) }],
    [
      "both full, and long handoffs",
      ticketOf(Array.from({ length: 40 }, (_, n) => ({ summary: sentences(`Plan ${n}`, 20) }))),
      {
        ...none,
        feedback: [sentences("Feedback", 400)],
        handoffs: [{ ...handoff, handoff: { remaining: Array.from({ length: 50 }, () => sentences("Do", 100)) } }],
      },
    ],
  ])("stays within the ticket's budget: %s", (_, ticket, own) => {
    const fitted = fitContext(ticket, own);
    expect(tokensOf(jsonBytes(fitted))).toBeLessThanOrEqual(BUDGET);
    expect(fitted.tokens).toBeLessThanOrEqual(BUDGET);
    expect(fitted.cut.length).toBeGreaterThan(0);
    // What the task itself is told is not what goes.
    expect(fitted.errors.length + fitted.feedback.length + fitted.handoffs.length).toBeGreaterThan(0);
    // What was cut before is still said.
    expect(fitted.cut.slice(0, ticket.cut.length)).toEqual(ticket.cut);
  });
});
