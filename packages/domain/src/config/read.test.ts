import { describe, expect, test } from "vitest";
import * as z from "zod";
import { readYaml } from "./read.ts";

const phase = z.strictObject({
  id: z.string().regex(/^P_/, "must begin with P_"),
  order: z.int().min(0),
  mode: z.enum(["build", "check"]).optional(),
  next: z.array(z.string()).default([]),
  each: z.union([z.literal("labels"), z.array(z.string()).min(1)]).optional(),
});
const flow = z.strictObject({ name: z.string().min(1), phases: z.array(phase).min(1) });

const faultsOf = (text: string) => {
  const read = readYaml(text, "flow.yaml", flow, ({ phases }) =>
    phases.flatMap(({ next }, index) =>
      next.flatMap((id, place) =>
        phases.some((other) => other.id === id)
          ? []
          : [{ path: ["phases", index, "next", place], message: `unknown phase ${id}` }],
      ),
    ),
  );
  return read.ok ? [] : read.faults;
};

test("a good text gives its value, with defaults filled in", () => {
  const read = readYaml("name: x\nphases: [{ id: P_A, order: 0 }]", "flow.yaml", flow);
  expect(read).toEqual({ ok: true, value: { name: "x", phases: [{ id: "P_A", order: 0, next: [] }] } });
});

describe("each fault stands where it is", () => {
  test.each([
    // A wrong value: at the value.
    ["name: 7\nphases: [{ id: P_A, order: 0 }]", ["flow.yaml:1:7 name: must be a text, is 7"]],
    [
      "name: x\nphases:\n  - id: P_A\n    order: 1.5",
      ["flow.yaml:4:12 phases[0].order: must be a whole number, is 1.5"],
    ],
    ["name: x\nphases:\n  - id: P_A\n    order: -1", ["flow.yaml:4:12 phases[0].order: must be at least 0"]],
    // A message of the schema's own is kept.
    ["name: x\nphases: [{ id: A, order: 0 }]", ["flow.yaml:2:16 phases[0].id: must begin with P_"]],
    // An unknown key: at the key, with the nearest known one.
    [
      "name: x\nphases:\n  - id: P_A\n    order: 1\n    moed: build",
      ["flow.yaml:5:5 phases[0]: unknown key `moed`. Did you mean `mode`?"],
    ],
    ["name: x\ncolour: y\nphases: [{ id: P_A, order: 0 }]", ["flow.yaml:2:1 unknown key `colour`."]],
    // An unknown word of a known set: with the nearest one.
    [
      "name: x\nphases: [{ id: P_A, order: 0, mode: biuld }]",
      ['flow.yaml:2:37 phases[0].mode: must be one of build, check, is "biuld". Did you mean `build`?'],
    ],
    // A missing key: at the map that lacks it.
    ["name: x\nphases:\n  - order: 1", ["flow.yaml:3:5 phases[0].id: is missing: must be a text"]],
    ["name: x\nphases:\n", ["flow.yaml:2:1 phases: must be a list, is empty"]],
    ["name: x\nphases: []", ["flow.yaml:2:9 phases: must have at least 1 entry"]],
    // Of several forms, the one that was meant.
    [
      "name: x\nphases: [{ id: P_A, order: 0, each: [] }]",
      ["flow.yaml:2:37 phases[0].each: must have at least 1 entry"],
    ],
    ["name: x\nphases: [{ id: P_A, order: 0, each: [1] }]", ["flow.yaml:2:38 phases[0].each[0]: must be a text, is 1"]],
    // Rules between the parts.
    ["name: x\nphases: [{ id: P_A, order: 0, next: [P_B] }]", ["flow.yaml:2:38 phases[0].next[0]: unknown phase P_B"]],
    // A doubled key, and an alias without its anchor.
    [
      "name: x\nname: y\nphases: [{ id: P_A, order: 0 }]",
      ["flow.yaml:2:1 the key `name` stands here twice in one map"],
    ],
    ["name: *gone\nphases: [{ id: P_A, order: 0 }]", ["flow.yaml:1:7 there is no anchor `&gone`"]],
    ["", ["flow.yaml:1:1 must be a map, is empty"]],
    ["- x", ["flow.yaml:1:1 must be a map, is a list"]],
  ])("%j", (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });
});

test("broken YAML is a fault with its position, and nothing is guessed behind it", () => {
  const faults = faultsOf("name: [x\nphases: 5");
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults) expect(fault).toMatch(/^flow\.yaml:\d+:\d+ is not YAML: /);
});

test("all faults come at once, in the order of the file, cross-checks with the unknown keys", () => {
  const text =
    "nmae: x\nname: x\nphases:\n  - { id: P_A, order: 0, next: [P_X] }\n  - { id: P_B, ordre: 1, order: 1 }\n";
  expect(faultsOf(text)).toEqual([
    "flow.yaml:1:1 unknown key `nmae`. Did you mean `name`?",
    "flow.yaml:4:33 phases[0].next[0]: unknown phase P_X",
    "flow.yaml:5:16 phases[1]: unknown key `ordre`. Did you mean `order`?",
  ]);
});

test("a misspelled key is not also the want of the one that was meant, but hides no other fault", () => {
  expect(faultsOf("name: x\nphases: [{ idd: P_A, order: 0 }]")).toEqual([
    "flow.yaml:2:12 phases[0]: unknown key `idd`. Did you mean `id`?",
  ]);
  expect(faultsOf("nmae: x\nname: 7\nphases: [{ id: P_A, order: 0 }]")).toEqual([
    "flow.yaml:1:1 unknown key `nmae`. Did you mean `name`?",
    "flow.yaml:2:7 name: must be a text, is 7",
  ]);
});

test("aliases that unfold beyond all bounds are refused", () => {
  const levels = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}*l${n}]`);
  const faults = faultsOf(["l0: &l0 [x]", ...levels].join("\n"));
  expect(faults).toEqual([expect.stringMatching(/^flow\.yaml:1:1 .*alias/i)]);
});

test("a fault inside an alias points to where the alias leads", () => {
  expect(faultsOf("name: x\nphases: [&a { id: P_A, order: x }, *a]")).toContain(
    'flow.yaml:2:31 phases[1].order: must be a number, is "x"',
  );
});

test("what stands under a misspelled key is judged as what was meant, however deep misspelled keys lie in each other", () => {
  expect(faultsOf("name: x\nphaes: [{ idd: P_A, ordre: one, next: [P_B], colour: red }]")).toEqual([
    "flow.yaml:2:1 unknown key `phaes`. Did you mean `phases`?",
    "flow.yaml:2:11 phaes[0]: unknown key `idd`. Did you mean `id`?",
    "flow.yaml:2:21 phaes[0]: unknown key `ordre`. Did you mean `order`?",
    'flow.yaml:2:28 phaes[0].ordre: must be a number, is "one"',
    "flow.yaml:2:46 phaes[0]: unknown key `colour`.",
  ]);
});

test("a key that only a transform made is a fault of its own", () => {
  const made = z.string().transform((text) => ({ [text]: 1 }));
  expect(readYaml("colour", "flow.yaml", made.pipe(z.strictObject({ size: z.number() })))).toMatchObject({
    ok: false,
    faults: expect.arrayContaining([expect.stringContaining("unknown key `colour`")]),
  });
});
