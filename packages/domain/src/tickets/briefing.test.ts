import { expect, test } from "vitest";
import { briefing } from "./briefing.ts";
import { phase } from "./workflow.ts";

test("a briefing tells all that the phase asks, in the order in which an agent needs it", () => {
  const asked = phase.parse({
    id: "PHASE_WORK",
    name: "Work",
    order: 1,
    column: "all",
    execution_mode: "implementation",
    task_templates: [
      { key: "a", title: "T", task_type: "work", description: "Write it: ${ticket.description}", handoff: true },
      { key: "b", title: "T", task_type: "work" },
    ],
    phase_prompt: "Work on ${ticket.title}.",
    done_definitions: ["It runs."],
    expected_outputs: [
      { type: "report", pattern: "out/*", validation_rule: "Markdown." },
      { type: "log", required: false },
    ],
    next_steps_guide: ["Say what is left."],
    gate: { artifacts: ["report", "bundle"], criteria: [{ artifact: "report", measure: "characters", at_least: 9 }] },
  });
  const values = {
    "ticket.title": "Read quoted fields",
    "ticket.description": "Fields may hold ${visit} and line ends.",
  };
  const [first, second] = asked.task_templates.map((template) => briefing(asked, template, values));
  expect(first).toBe(`Write it: Fields may hold \${visit} and line ends.

## Work

Work on Read quoted fields.

## Done when

- It runs.

## Hand in

- \`report\` (required, usually out/*): Markdown.
- \`log\` (optional)
- \`bundle\` (required)

## The gate checks

- \`report.characters\`: at least 9

## Hand over

Give your result a \`handoff\`: done, remaining, decisions, failed_approaches, files, commands, open_questions.

## Next steps

- Say what is left.`);
  expect(second).toMatch(/^## Work\n/);
  expect(second).not.toContain("Hand over");
});
