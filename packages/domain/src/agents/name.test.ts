import type { AgentType } from "@omoios/contracts/shapes/agent";
import { expect, it } from "vitest";
import { agentName, namePrefix } from "./name.ts";

it.each<[AgentType, string[], string]>([
  ["worker", ["PHASE_IMPLEMENTATION"], "worker-implementation"],
  ["worker", ["PHASE_CODE_REVIEW"], "worker-code-review"],
  ["worker", ["PHASE_A", "PHASE_B"], "worker-multi"],
  ["guardian", [], "guardian-any"],
])("a %s of %j is called %s", (type, phases, prefix) => {
  expect(namePrefix(type, phases)).toBe(prefix);
});

it("has three digits, and more when they do not suffice", () => {
  expect([agentName("a", 7), agentName("a", 1234)]).toEqual(["a-007", "a-1234"]);
});
