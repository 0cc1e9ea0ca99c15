import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { undeliveredOn } from "../harness/undelivered.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(() => plane.stop());

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });

test("a receiver is tried, listed, and told after all of what was given up", async () => {
  const tried = await omoi("receivers", "test", "mail");
  expect({ exit: tried.exit, out: tried.out }).toEqual({
    exit: 0,
    out: expect.stringMatching(/^outcome +delivered$/m),
  });
  const { notification_id } = await undeliveredOn(plane, "mail");
  expect((await omoi("receivers", "list")).out).toMatch(/^mail +email +0 +0 +1 /m);
  expect((await omoi("receivers", "dead-letters", "mail")).out).toMatch(
    new RegExp(`${notification_id} .* resolved +1 +refused +answered 400 +1: alertname=disk_full`),
  );
  const redrive = () => omoi("receivers", "redrive", "mail", notification_id, "--reason", "It takes them again");
  expect((await redrive()).out).toMatch(/^it is sent as ntf_/);
  expect(await redrive()).toMatchObject({ exit: 1, err: expect.stringMatching(/redriven already/) });
  expect((await omoi("receivers", "dead-letters", "mail")).out).toBe("no dead letters\n");
  const past = JSON.parse((await omoi("receivers", "dead-letters", "mail", "--status", "redriven", "--json")).out);
  expect(past.items).toMatchObject([{ id: notification_id, reason: "It takes them again" }]);
});

test("a receiver is told after all of everything that was given up", async () => {
  const letters = [await undeliveredOn(plane, "mail"), await undeliveredOn(plane, "mail")];
  const all = await omoi("receivers", "redrive", "mail", "--all", "--reason", "It is back");
  expect(all.exit).toBe(0);
  expect(all.out.trimEnd().split("\n")).toEqual([
    ...letters
      .toReversed()
      .map(({ notification_id }) => expect.stringMatching(`^${notification_id}: it is sent as ntf_`)),
    "2 redriven, 0 left as they are",
  ]);
  expect(await omoi("receivers", "redrive", "mail")).toMatchObject({ exit: 2, err: expect.stringContaining("--all") });
});

test("a test of a receiver that is not there is a no", async () => {
  expect(await omoi("receivers", "test", "nobody")).toMatchObject({ exit: 1, out: "" });
});

test("the tree of routes is shown, and the way of an alert", async () => {
  expect((await omoi("alert", "route")).out).toMatch(/^\{\} +mail +alertname +30 s +300 s +14400 s/m);
  expect((await omoi("alert", "route", "alertname=slow", 'room=a "b", c')).out).toMatch(
    /^\{\} +mail +alertname=slow$/m,
  );
  expect(await omoi("alert", "route", "slow")).toMatchObject({ exit: 2, err: expect.stringContaining("label=value") });
});
