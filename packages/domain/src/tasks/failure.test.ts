import { describe, expect, test } from "vitest";
import { limits, NOW, taskRow } from "../../../../tests/harness/task-row.ts";
import { type AfterFailure, afterFailure, failureSignature, kindOfFailure } from "./failure.ts";

const PHRASES = [
  "permission denied",
  "access denied",
  "authentication failed",
  "authorization failed",
  "syntax error",
  "invalid argument",
  "not found",
  "does not exist",
  "already exists",
  "duplicate key",
  "constraint violation",
  "immutable",
  "read-only",
  "quota exceeded",
];

describe("where the agent does not say, the message decides", () => {
  test.each(PHRASES)("%s is permanent, in any case and anywhere in the first line", (phrase) => {
    const capitals = phrase.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
    for (const said of [phrase, phrase.toUpperCase(), capitals]) {
      expect(kindOfFailure({ message: said })).toBe("permanent");
      expect(kindOfFailure({ message: `Error 17: the file: ${said}; giving up\nfar below` })).toBe("permanent");
    }
  });

  test.each(PHRASES)("%s in a later line is somebody else's word", (phrase) => {
    expect(kindOfFailure({ message: `The build broke\n${phrase}` })).toBe("retryable");
    expect(kindOfFailure({ message: `The build broke\r\n${phrase}` })).toBe("retryable");
  });

  test.each([
    ["nothing known", "connect ECONNREFUSED 127.0.0.1:8001"],
    ["half a phrase", "permission was denied"],
    ["a phrase over the end of the line", "permission\ndenied"],
    ["nothing at all", ""],
  ])("%s may be tried again", (_, message) => {
    expect(kindOfFailure({ message })).toBe("retryable");
  });
});

describe("the agent's word goes before the message's", () => {
  test.each([
    [true, "Permission denied", "retryable"],
    [false, "connection reset", "permanent"],
    [true, "connection reset", "retryable"],
    [false, "Permission denied", "permanent"],
  ])("retryable: %s with %j is %s", (retryable, message, kind) => {
    expect(kindOfFailure({ message, retryable })).toBe(kind);
  });
});

describe("two failures are the same by kind and message, without digits, hex and paths", () => {
  const signature = (message: string) => failureSignature("retryable", message);

  test.each([
    ["digits", "Timed out after 30 s on port 8001", "Timed out after 5 s on port 8002"],
    ["a commit", "cannot merge 3f2b8c1a9d", "cannot merge 0b7e44cc1d"],
    ["hex with its mark, however short", "fault at 0xff in main", "fault at 0x7ffe in main"],
    ["hex behind an underscore", "request req_3f2b8c1a failed", "request req_9d0b7e44 failed"],
    ["a UUID", "run 6f9619ff-8b86-4d01-b42d-00c04fc964ff failed", "run 0a1b2c3d-dead-4bee-8fad-aabbccddeeff failed"],
    ["an absolute path", "no space for /var/lib/one.db", "no space for /srv/two.db"],
    ["a relative path", "lint: src/a.ts:10:2 is long", "lint: packages/domain/src/b.ts:7:44 is long"],
    ["a path from here, from above and from home", "cannot read ./a/b.ts", "cannot read ../c.ts"],
    ["a path of Windows", "cannot open C:\\Users\\one\\a.txt", "cannot open D:\\two.txt"],
    ["a folder, with its slash", "cannot list /tmp/one/", "cannot list /tmp/two/three/"],
    ["an address", "GET https://one.example/a/b: reset", "GET https://two.example/c: reset"],
    ["the space that is left", "lost  3 of\n4", "lost 11 of 12"],
  ])("%s makes no difference", (_, one, other) => {
    expect(signature(one)).toBe(signature(other));
  });

  test.each([
    ["another word", "connection reset", "connection refused"],
    ["a word made of hex letters is a word", "bad face", "bad decaf"],
    ["what is left beside a path", "cannot read /a/b.ts", "cannot write /a/b.ts"],
  ])("%s does", (_, one, other) => {
    expect(signature(one)).not.toBe(signature(other));
  });

  test("the kind does", () => {
    expect(failureSignature("timeout", "x")).not.toBe(failureSignature("retryable", "x"));
  });

  test.each([
    ["one long word", "a".repeat(10_000)],
    ["one long number", `${"0123456789abcdef".repeat(625)}z`],
    ["many slashes", "/".repeat(10_000)],
    ["one long path", "/a".repeat(5_000)],
  ])("%s is read in one go", (_, message) => {
    expect(signature(message)).toMatch(/^[A-Za-z0-9_-]{12}$/);
  });
});

describe("what a failed attempt leads to", () => {
  const after = (
    task: Parameters<typeof taskRow>[0],
    kind: Parameters<typeof afterFailure>[1]["kind"] = "retryable",
    message = "connection reset",
    random = () => 0.5,
  ): AfterFailure => afterFailure(taskRow(task), { kind, message }, NOW, random, limits);
  const alike = (times: number, message = "connection reset", kind: "retryable" | "timeout" = "retryable") => ({
    failed_alike: { signature: failureSignature(kind, message), times },
  });

  test.each([
    // n counts the retries already made: the first waits 0.75 to 1.25 s.
    [0, 750, 1_250],
    [1, 1_500, 2_500],
    [2, 3_000, 5_000],
    [10, 60_000, 60_000],
  ])("after %i retries the next waits %i to %i ms", (retry_count, least, most) => {
    const waits = (random: () => number) => {
      const next = after({ retry_count, max_retries: 50 }, "retryable", "connection reset", random);
      return next.next === "retry" ? next.ready_at - NOW : undefined;
    };
    expect(waits(() => 0)).toBe(least);
    expect(waits(() => 1 - 2 ** -32)).toBe(most);
  });

  test.each<[string, AfterFailure["next"] | string, Parameters<typeof after>]>([
    ["a retry is left", "retry", [{ retry_count: 2, max_retries: 3 }]],
    ["none is left", "exhausted", [{ retry_count: 3, max_retries: 3 }]],
    ["none was allowed", "exhausted", [{ retry_count: 0, max_retries: 0 }]],
    ["a permanent error, with retries left", "permanent", [{}, "permanent"]],
    ["a permanent error, with none left", "permanent", [{ retry_count: 3 }, "permanent"]],
    ["the same for the second time", "retry", [{ retry_count: 1, ...alike(1) }]],
    ["the same for the third time", "exhausted", [{ retry_count: 2, max_retries: 50, ...alike(2) }]],
    ["another after two of the same", "retry", [{ retry_count: 2, ...alike(2) }, "retryable", "disk full"]],
    [
      "the same, but for its digits, for the third time",
      "exhausted",
      [{ retry_count: 2, max_retries: 50, ...alike(2, "port 8001 is taken") }, "retryable", "port 8002 is taken"],
    ],
    // A time-out is our own word, always the same: it is retried as often as the task allows.
    [
      "a time-out with a retry left",
      "retry",
      [{ retry_count: 2, ...alike(2, "too long", "timeout") }, "timeout", "too long"],
    ],
    ["a time-out with none left", "timed_out", [{ retry_count: 3 }, "timeout", "too long"]],
  ])("%s: %s", (_, expected, given) => {
    const next = after(...given);
    expect(next.next === "retry" ? "retry" : next.failure).toBe(expected);
  });

  test("what is alike is counted in a row, and begins anew with another", () => {
    const count = (messages: string[]) =>
      messages.reduce<AfterFailure["failed_alike"]>(
        (failed_alike, message) => after({ max_retries: 50, failed_alike }, "retryable", message).failed_alike,
        undefined,
      )?.times;
    expect([count(["a"]), count(["a", "a"]), count(["a", "a", "b"]), count(["a", "b", "a"])]).toEqual([1, 2, 1, 1]);
  });
});
