import { expect, it } from "vitest";
import { virtualTime } from "../../virtual-time.ts";
import { backlogOf } from "./backlog.ts";

it("one that closes waits for the tasks under way, and makes none after them", async () => {
  const begun: number[] = [];
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const make = (tasks: number): Promise<void> => {
    begun.push(tasks);
    return arrived;
  };
  const backlog = backlogOf({ time: virtualTime(0), make });
  const flooded = backlog.flood(250);
  let closed = false;
  const closing = backlog.close().then(() => {
    closed = true;
  });
  await Promise.resolve();
  expect(closed).toBe(false);
  arrive();
  await Promise.all([closing, flooded]);
  await backlog.fill(() => 3);
  expect(begun).toEqual([100]);
});
