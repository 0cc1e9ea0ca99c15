import { criterionName, demandText } from "./criterion.ts";
import { fill, type Values } from "./variables.ts";
import type { Phase, TaskTemplate } from "./workflow.ts";

/**
 * What a generated task tells its agent, as Markdown: the template's own words, then what the phase asks, when it is done,
 * what the gate will look for, and what comes next.
 */
export function briefing(phase: Phase, template: TaskTemplate, values: Values): string {
  const filled = (text: string) => fill(text, values).trim();
  const parts = [
    template.description === undefined ? "" : filled(template.description),
    phase.phase_prompt === undefined ? "" : `## ${phase.name}\n\n${filled(phase.phase_prompt)}`,
    list("Done when", phase.done_definitions.map(filled)),
    list("Hand in", outputs(phase)),
    list(
      "The gate checks",
      (phase.gate?.criteria ?? []).map((one) => `\`${criterionName(one)}\`: ${demandText(one)}`),
    ),
    template.handoff ? HANDOFF : "",
    list("Next steps", phase.next_steps_guide.map(filled)),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

const HANDOFF = `## Hand over

Give your result a \`handoff\`: done, remaining, decisions, failed_approaches, files, commands, open_questions.`;

function list(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `## ${heading}\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
}

/** The expected outputs, and what the gate demands beyond them. */
function outputs({ expected_outputs, gate }: Phase): string[] {
  const described = expected_outputs.map(({ type, pattern, required, validation_rule }) => {
    const place = pattern === undefined ? "" : `, usually ${pattern}`;
    const rule = validation_rule === undefined ? "" : `: ${validation_rule}`;
    return `\`${type}\` (${required ? "required" : "optional"}${place})${rule}`;
  });
  const rest = (gate?.artifacts ?? []).filter((type) => !expected_outputs.some((output) => output.type === type));
  return [...described, ...rest.map((type) => `\`${type}\` (required)`)];
}
