import { listAlerts } from "@omoios/contracts/shapes/alert";
import { intervene } from "@omoios/contracts/shapes/guardian";
import { createTasks } from "@omoios/contracts/shapes/new-task";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { jsonPointer, parameterName, schemaFaults } from "./faults.ts";

function faults(schema: z.ZodType, input: unknown, naming = jsonPointer) {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error("The schema took the input.");
  return schemaFaults(parsed.error, input, naming);
}

describe("schemaFaults", () => {
  it("points at each fault in the body", () => {
    expect(faults(createTasks(), { tasks: [{ title: "a" }, { title: 5 }, {}], extra: 1 })).toEqual([
      { path: "/tasks/1/title", message: "expected string, received number" },
      { path: "/tasks/2/title", message: expect.stringContaining("is required") },
      { path: "/extra", message: "is not known here: leave it out" },
    ]);
  });

  it("points at the whole body as the empty pointer", () => {
    expect(faults(createTasks(), null)).toEqual([{ path: "", message: "expected object, received null" }]);
  });

  it("escapes names as RFC 6901 says, and cuts what is no name", () => {
    expect(faults(z.strictObject({}), { "a/b~c": 1 })[0]?.path).toBe("/a~1b~0c");
    expect(faults(z.strictObject({}), { ["x".repeat(9_999)]: 1 })[0]?.path.length).toBeLessThan(300);
  });

  it("says every way in which a choice could have been met", () => {
    const choice = z.object({ id: z.union([z.string("must be a word"), z.int("must be a number")]) });
    expect(faults(choice, { id: true })).toEqual([{ path: "/id", message: "must be a word, or must be a number" }]);
  });

  it("names the choices, and the one that was meant", () => {
    const severity = z.object({ severity: z.enum(["info", "warning"]), kind: z.literal("rule") });
    expect(faults(severity, { severity: "warn", kind: "x" })).toEqual([
      { path: "/severity", message: "must be one of info, warning. Did you mean `warning`?" },
      { path: "/kind", message: "must be rule" },
    ]);
    expect(faults(severity, { kind: "rule" })).toEqual([
      { path: "/severity", message: "is required: must be one of info, warning" },
    ]);
  });

  it("tells a wrong member of a query's list from one that was left out", () => {
    expect(faults(listAlerts(), { state: "firing,resolve" }, parameterName)).toEqual([
      {
        path: "state",
        message: "must be one of pending, firing, acknowledged, resolved. Did you mean `resolved`?",
      },
    ]);
  });

  it("says once that something is needed", () => {
    const body = {
      action: "override_priority",
      target: { kind: "task", id: "task_0123456789abcdefghjk" },
      reason: "r",
    };
    expect(faults(intervene(), body)).toEqual([
      { path: "/parameters/priority", message: "is needed for override_priority" },
    ]);
    expect(faults(z.object({ a: z.string(), b: z.union([z.string(), z.number()]) }), {})).toEqual([
      { path: "/a", message: "is required: expected string" },
      { path: "/b", message: "is required: expected string, or expected number" },
    ]);
  });

  it("words bounds for whoever sends, and leaves a schema its own words", () => {
    const bounds = z.object({
      title: z.string().min(1),
      tags: z.array(z.string()).max(1),
      max: z.int().max(10),
      own: z.string().min(3, "must be three letters or more"),
      name: z.string().regex(/^[a-z]+$/),
    });
    expect(faults(bounds, { title: "", tags: ["a", "b"], max: 11, own: "", name: "A" })).toEqual([
      { path: "/title", message: "must have at least 1 character" },
      { path: "/tags", message: "must have at most 1 entry" },
      { path: "/max", message: "must be at most 10" },
      { path: "/own", message: "must be three letters or more" },
      { path: "/name", message: "must match pattern /^[a-z]+$/" },
    ]);
  });

  it("names a query's parameter", () => {
    expect(faults(z.strictObject({ limit: z.coerce.number() }), { limit: "x", other: "y" }, parameterName)).toEqual([
      { path: "limit", message: "must be a number" },
      { path: "other", message: "is not known here: leave it out" },
    ]);
  });
});
