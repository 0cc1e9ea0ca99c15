import type { RequestContext } from "@omoios/domain/commit";
import { describe, expect, test } from "vitest";
import { contextAt, NOW } from "../../../../tests/harness/task-row.ts";
import { MAX_EVENT_BYTES, packEvents, unpackEvents } from "./out.ts";

const ctx: RequestContext = contextAt();

describe("events ride in their item as one string", () => {
  test("and come out with who, when, in which order, and as part of what", () => {
    const given: RequestContext = { ...ctx, causation_id: "task_1#2#0", traceparent: "00-1-2-01" };
    const out = packEvents(given, [
      { type: "task.cancelled", data: { cause: 'it\'s "done" – 🦊' } },
      { type: "task.ready" },
    ]);
    expect(unpackEvents(out ?? "")).toEqual({
      at: NOW,
      actor: given.actor,
      correlation_id: given.correlation_id,
      causation_id: "task_1#2#0",
      traceparent: "00-1-2-01",
      events: [
        { type: "task.cancelled", data: { cause: 'it\'s "done" – 🦊' } },
        { type: "task.ready", data: {} },
      ],
    });
  });

  test("with nothing that led to them said as null", () => {
    const out = packEvents(ctx, [{ type: "task.ready" }]);
    expect(unpackEvents(out ?? "")).toMatchObject({ causation_id: null, traceparent: null });
  });

  test("a write without events has none", () => {
    expect([packEvents(ctx, undefined), packEvents(ctx, [])]).toEqual([undefined, undefined]);
  });

  test.each([
    ["letters", "x", 1],
    ["two-byte letters", "ä", 2],
    ["four-byte signs", "🦊", 4],
  ])("data of %s may take 200 bytes and no more", (_, sign, bytes) => {
    const frame = '{"cause":""}'.length;
    const most = Math.floor((MAX_EVENT_BYTES - frame) / bytes);
    const packed = (count: number) =>
      packEvents(ctx, [{ type: "task.cancelled", data: { cause: sign.repeat(count) } }]);
    expect(packed(most)).toContain(sign.repeat(most));
    expect(() => packed(most + 1)).toThrow("The data of task.cancelled is over 200 bytes");
  });

  test.each(["", "{}", "[]", "task.ready", '{"w":1}'])("%j is none of ours, and is not read", (text) => {
    expect(() => unpackEvents(text)).toThrow();
  });
});
