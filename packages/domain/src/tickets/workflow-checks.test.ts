import { describe, expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import { pathsIn } from "../config/broken-parts.fixture.ts";
import { readWorkflow } from "./workflow-file.ts";

const faultsOf = (text: string) => {
  const result = readWorkflow(text, "flow.yaml");
  return result.ok ? [] : result.faults;
};

const SMALL = `id: small
name: Small
columns: [{ id: all, name: All }]
phases:
  - { id: PHASE_WAIT, name: Wait, order: 0, column: all, execution_mode: exploration, allowed_transitions: [PHASE_WORK] }
  - id: PHASE_WORK
    name: Work
    order: 1
    column: all
    execution_mode: implementation
    allowed_transitions: [PHASE_END]
    task_templates:
      - { key: first, title: First, task_type: work }
      - { key: second, title: "Second: \${ticket.title}", task_type: work, depends_on: [first] }
    gate: { artifacts: [result] }
  - { id: PHASE_END, name: End, order: 2, column: all, execution_mode: validation, terminal: true }
`;

test("the small workflow of these tests is whole", () => {
  expect(faultsOf(SMALL)).toEqual([]);
});

describe("each fault is named, and points to its place in the text", () => {
  // What is changed in the text, into what; then pairs of message and of the text that it must point to.
  test.each<[string, [string, string], ...[string, string][]]>([
    [
      "an unknown target",
      ["[PHASE_WORK]", "[PHASE_WROK]"],
      ["phases[0].allowed_transitions[0]: there is no phase PHASE_WROK. Did you mean `PHASE_WORK`?", "PHASE_WROK"],
    ],
    [
      "a misspelled key",
      ["allowed_transitions: [PHASE_END]", "allowed_transition: [PHASE_END]"],
      ["phases[1]: unknown key `allowed_transition`. Did you mean `allowed_transitions`?", "allowed_transition:"],
    ],
    [
      "a doubled phase",
      ["id: PHASE_END", "id: PHASE_WORK"],
      ["phases[2].id: PHASE_WORK is taken already", "PHASE_WORK, name: End"],
      ["phases[1].allowed_transitions[0]: there is no phase PHASE_END", "PHASE_END]"],
    ],
    [
      "a doubled order",
      ["order: 2", "order: 1"],
      ["phases[2].order: 1 is taken already: each needs its own", "1, column"],
      ["phases[1].allowed_transitions: nothing leads on from PHASE_WORK", "[PHASE_END]"],
    ],
    [
      "an unknown column",
      ["order: 1\n    column: all", "order: 1\n    column: al"],
      ["phases[1].column: there is no column al. Did you mean `all`?", "al\n"],
    ],
    [
      "no end",
      [", terminal: true", ""],
      ["no phase is terminal", "phases:"],
      ["phases[2].allowed_transitions: nothing leads on from PHASE_END", "{ id: PHASE_END"],
    ],
    [
      "a way out of the end",
      ["terminal: true", "terminal: true, allowed_transitions: [PHASE_WORK]"],
      ["phases[2]: a terminal phase has no allowed_transitions", "allowed_transitions: [PHASE_WORK] }\n"],
    ],
    [
      "a way to itself",
      ["[PHASE_END]", "[PHASE_END, PHASE_WORK]"],
      ["phases[1].allowed_transitions[1]: a phase cannot lead to itself", "PHASE_WORK]"],
    ],
    [
      "a phase that nothing leads to",
      ["[PHASE_WORK]", "[PHASE_END]"],
      ["phases[1].id: PHASE_WORK cannot be reached from PHASE_WAIT", "PHASE_WORK\n"],
    ],
    [
      "work in the first phase",
      ["[PHASE_WORK] }", "[PHASE_WORK], gate: {} }"],
      ["phases[0]: the first phase is where tickets wait: leave out its gate", "gate: {}"],
    ],
    [
      "an unknown template",
      ["[first]", "[frist]"],
      ["phases[1].task_templates[1].depends_on[0]: there is no template frist. Did you mean `first`?", "frist]"],
    ],
    [
      "a doubled template",
      ["key: second", "key: first"],
      ["phases[1].task_templates[1].key: first is taken already", 'first, title: "Second'],
    ],
    [
      "templates that wait for each other",
      ["title: First,", "title: First, depends_on: [second],"],
      ["phases[1].task_templates[0].depends_on: templates wait for each other: first → second → first", "[second]"],
    ],
    [
      "an unknown variable",
      ["${ticket.title}", "${ticket.titel}"],
      [
        "phases[1].task_templates[1].title: there is no variable ${ticket.titel}. Did you mean `ticket.title`?",
        '"Second',
      ],
    ],
    [
      "an item without a fan-out",
      ["${ticket.title}", "${item}"],
      ["task_templates[1].title: ${item} exists only in a template with for_each", '"Second'],
    ],
    [
      "a variable that is not closed",
      ["${ticket.title}", "${ticket.title"],
      ["task_templates[1].title: a variable is not closed", '"Second'],
    ],
    [
      "a bad capability",
      ["task_type: work }", "task_type: work, required_capabilities: [big code] }"],
      ["required_capabilities[0]: must be 1 to 40 of a-z 0-9 + . # : _ -", "big code"],
    ],
    [
      "an unknown criterion",
      ["artifacts: [result] }", "criteria: [{ artifact: result, metric: x, is: true }] }"],
      ["phases[1].gate.criteria[0]: unknown key `metric`.", "metric: x"],
      ["phases[1].gate.criteria[0]: needs either metadata or measure", "{ artifact"],
    ],
    [
      "an unknown measure",
      ["artifacts: [result] }", "criteria: [{ artifact: result, measure: sectoins, is: true }] }"],
      ['measure: must be one of characters, sections, is "sectoins". Did you mean `sections`?', "sectoins"],
    ],
    [
      "a criterion without a demand",
      ["artifacts: [result] }", "criteria: [{ artifact: result, metadata: x }] }"],
      ["phases[1].gate.criteria[0]: needs one demand", "{ artifact: result, metadata"],
    ],
    [
      "a criterion that reads nothing",
      ["artifacts: [result] }", "criteria: [{ artifact: result, is: true }] }"],
      ["phases[1].gate.criteria[0]: needs either metadata or measure", "{ artifact: result, is"],
    ],
    [
      "a list demanded of a number",
      ["artifacts: [result] }", "criteria: [{ artifact: result, measure: characters, contains_all: [x] }] }"],
      ["phases[1].gate.criteria[0]: characters are a number", "{ artifact: result, measure"],
    ],
    [
      "a condition that says nothing",
      ["task_type: work }", "task_type: work, when: {} }"],
      ["when: must name what shall hold", "{}"],
    ],
    [
      "an unknown condition",
      ["task_type: work }", "task_type: work, when: { any: [{ lable: docs }] } }"],
      ["phases[1].task_templates[0].when.any[0]: unknown key `lable`. Did you mean `label`?", "lable: docs"],
    ],
    [
      "a phase that is missing its name",
      ["    name: Work\n", ""],
      ["phases[1].name: is missing: must be a text", "id: PHASE_WORK"],
    ],
    ["broken YAML", ["id: small", "id: [small"], ["is not YAML", ""]],
  ])("%s", (_, [from, to], ...expected) => {
    const text = SMALL.replace(from, () => to);
    const faults = faultsOf(text);
    for (const [message, place] of expected) {
      expect(faults).toContainEqual(expect.stringContaining(message));
      const fault = faults.find((candidate) => candidate.includes(message)) ?? "";
      expect(pointedTo(text, fault).slice(0, place.length)).toBe(place);
    }
    expect(faults).toHaveLength(expected.length);
  });
});

/** The text from the line and column on that a fault names. */
function pointedTo(text: string, fault: string): string {
  const [, line, column] = /^flow\.yaml:(\d+):(\d+) /.exec(fault) ?? [];
  const rest = text
    .split("\n")
    .slice(Number(line) - 1)
    .join("\n");
  return rest.slice(Number(column) - 1);
}

test("a fan-out that no batch could hold is refused", () => {
  const templates = Array.from(
    { length: 30 },
    (_, n) => `{ key: t${n}, title: T, task_type: work, for_each: ticket.labels }`,
  );
  const text = SMALL.replace(/task_templates:[\s\S]*?gate/, `task_templates: [${templates.join(", ")}]\n    gate`);
  expect(faultsOf(text)).toEqual([expect.stringContaining("phases[1]: a visit could make 600 tasks")]);
});

test("faults of the form and of the meaning are told in one pass, and none only seems to be one", () => {
  const text = SMALL.replace("[{ id: all, name: All }]", "[{ id: all, name: 7, wip_limt: none }]")
    .replace("order: 1\n    column: all", "order: one\n    colum: al")
    .replace("allowed_transitions: [PHASE_END]", "allowed_transition: [PHASE_EDN, 7]")
    .replace("depends_on: [first]", "depends_on: [frist], for_each: 7")
    .replace("${ticket.title}", "${item} ${ticket.titel}")
    .replace("{ artifacts: [result] }", "{ criteria: [{ artifact: 1, measure: sections, at_least: 1 }] }")
    .replace("terminal: true", 'terminal: "true"');
  expect(faultsOf(text)).toEqual([
    "flow.yaml:3:28 columns[0].name: must be a text, is 7",
    "flow.yaml:3:31 columns[0]: unknown key `wip_limt`. Did you mean `wip_limit`?",
    'flow.yaml:3:41 columns[0].wip_limt: must be a number, is "none"',
    'flow.yaml:8:12 phases[1].order: must be a number, is "one"',
    "flow.yaml:9:5 phases[1]: unknown key `colum`. Did you mean `column`?",
    "flow.yaml:9:12 phases[1].colum: there is no column al. Did you mean `all`?",
    "flow.yaml:11:5 phases[1]: unknown key `allowed_transition`. Did you mean `allowed_transitions`?",
    "flow.yaml:11:26 phases[1].allowed_transition[0]: there is no phase PHASE_EDN. Did you mean `PHASE_END`?",
    "flow.yaml:11:37 phases[1].allowed_transition[1]: must be a text, is 7",
    "flow.yaml:14:31 phases[1].task_templates[1].title: there is no variable ${ticket.titel}. Did you mean `ticket.title`?",
    "flow.yaml:14:96 phases[1].task_templates[1].depends_on[0]: there is no template frist. Did you mean `first`?",
    "flow.yaml:14:114 phases[1].task_templates[1].for_each: must be ticket.labels, is 7, or must be a list, is 7",
    "flow.yaml:15:24 phases[1].gate.criteria[0]: sections are a list: demand contains_all",
    "flow.yaml:15:36 phases[1].gate.criteria[0].artifact: must be a text, is 1",
    'flow.yaml:16:94 phases[2].terminal: must be true or false, is "true"',
  ]);
});

test("whatever part is missing or of another kind, it is told where it stands, and nothing else breaks", () => {
  const places = pathsIn(parse(SMALL)).filter((path) => path.length > 0);
  expect(places.length).toBe(44);
  for (const path of places) {
    for (const put of [7, null, {}, [], undefined]) {
      const document = parseDocument(SMALL);
      if (put === undefined) document.deleteIn(path);
      else document.setIn(path, put);
      for (const fault of faultsOf(String(document))) {
        expect(fault).toMatch(/^flow\.yaml:\d+:\d+ /);
        expect(fault).not.toContain("undefined");
      }
    }
  }
  expect(faultsOf(SMALL.replace("[{ id: all, name: All }]", "[]"))).toEqual([
    "flow.yaml:3:10 columns: must have at least 1 entry",
  ]);
});

test("a name is not told unknown while another's is missing, and a text is no workflow", () => {
  expect(faultsOf(SMALL.replace("id: PHASE_END, ", ""))).toEqual([
    "flow.yaml:16:5 phases[2].id: is missing: must be a text",
  ]);
  expect(faultsOf("small")).toEqual(['flow.yaml:1:1 must be a map, is "small"']);
});

test("what a list says is judged though the list is too long", () => {
  const phases = Array.from({ length: 50 }, (_, n) => {
    const rest = `name: N, order: ${n + 10}, column: all, execution_mode: exploration, terminal: true`;
    return `  - { id: PHASE_N${n}, ${rest} }\n`;
  }).join("");
  const gate = "{ criteria: [{ artifact: result, metadata: done, is: true }, { artifact: result, is: true }] }";
  const text = SMALL.replace("{ artifacts: [result] }", gate).replace(
    "allowed_transitions: [PHASE_END]",
    `allowed_transitions: [PHASE_END, ${Array.from({ length: 50 }, (_, n) => `PHASE_N${n}`).join(", ")}]`,
  );
  expect(faultsOf(`${text.trimEnd()}\n${phases}`)).toEqual([
    expect.stringContaining("phases: must have at most 50 entries"),
    expect.stringContaining("phases[1].gate.criteria[1]: needs either metadata or measure"),
  ]);
});
