import { expect, test } from "vitest";
import { exitWords, failureMessage } from "./failure-message.ts";
import { LastLines } from "./last-lines.ts";

function outputOf(...lines: ["stdout" | "stderr", string][]): LastLines {
  const output = new LastLines();
  for (const [stream, line] of lines) output.add(line, stream);
  return output;
}

test("the first line says how it ended and the last line on standard error; the last lines follow", () => {
  const output = outputOf(
    ["stdout", "building"],
    ["stderr", "error: no such file"],
    ["stdout", "cleaning up"],
    ["stderr", ""],
  );
  expect(failureMessage(exitWords(3, null), output)).toBe(
    "exit code 3: error: no such file\nbuilding\nerror: no such file\ncleaning up",
  );
});

test("without standard error the last line of all speaks, and is not said twice", () => {
  expect(failureMessage("exit code 1", outputOf(["stdout", "1 test failed"]))).toBe("exit code 1: 1 test failed");
});

test("a silent command's error is how it ended", () => {
  expect(failureMessage(exitWords(null, "SIGSEGV"), outputOf())).toBe("killed by SIGSEGV");
});

test("however much was written, the message stays within 10,000 characters and keeps the end", () => {
  const lines = Array.from({ length: 5_000 }, (_, n): ["stdout", string] => ["stdout", `line ${n} ${"x".repeat(50)}`]);
  const message = failureMessage("exit code 1", outputOf(...lines));
  expect(message.length).toBeLessThanOrEqual(10_000);
  expect(message).toContain("line 4999");
  expect(message).not.toContain("line 100 ");
});

test.each([477, 478])("neither the first line nor the whole is cut inside a character (%i)", (before) => {
  const line = `${"x".repeat(before)}${"🦊".repeat(200)}`;
  const message = failureMessage(
    "exit code 1",
    outputOf(...Array.from({ length: 30 }, () => ["stderr", line] as ["stderr", string])),
  );
  expect(message.isWellFormed()).toBe(true);
});
