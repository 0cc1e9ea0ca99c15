import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { heartbeatChecksum } from "./checksum.ts";

test("the checksum is over canonical JSON: sorted members, shortest numbers, no spaces", async () => {
  const text =
    '{"current_task_ids":[],"health_metrics":{"custom":{"a":1,"b":0.1}},"sequence_number":1,"status":"IDLE"}';
  const fields = {
    status: "IDLE",
    sequence_number: 1.0,
    health_metrics: { custom: { b: 0.1, a: 1 } },
    current_task_ids: [],
  };
  expect(await heartbeatChecksum(fields)).toBe(createHash("sha256").update(text).digest("hex"));
});
