import type { SQSClient } from "@aws-sdk/client-sqs";
import type { TimerMessage } from "@omoios/contracts/jobs";
import { expect, it } from "vitest";
import { timersOn } from "./timers.ts";

it("sends every timer, and not all of many at once", async () => {
  let under_way = 0;
  let most = 0;
  const bodies: string[] = [];
  const sqs = {
    async send({ input }: { input: { Entries: { MessageBody: string }[] } }) {
      most = Math.max(most, ++under_way);
      await new Promise(setImmediate);
      under_way -= 1;
      bodies.push(...input.Entries.map(({ MessageBody }) => MessageBody));
      return {};
    },
  } as unknown as SQSClient;
  const messages = Array.from({ length: 500 }, (_, n) => ({ kind: "task", task_id: `task_${n}`, due_at: 1_000 }));
  await timersOn(sqs, () => "queue").set(messages as unknown as TimerMessage[], 0);
  expect(new Set(bodies).size).toBe(500);
  expect(most).toBeLessThan(50);
});
