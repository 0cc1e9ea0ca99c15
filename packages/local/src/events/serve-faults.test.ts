import { afterAll, beforeAll, expect, it } from "vitest";
import type { Listener } from "../http.ts";
import { serveFaults } from "./serve-faults.ts";

const KEY = "omoi_sk_operator";
const begun: unknown[] = [];
let door: Listener;
beforeAll(async () => {
  const faults = { begin: (...said: unknown[]) => void begun.push(said) };
  door = await serveFaults({
    faults,
    operator_key: KEY,
    reportError: (error) => {
      throw error;
    },
  });
});
afterAll(() => door.close());

const ask = async (path: string, key = KEY) =>
  (await fetch(`${door.url}${path}`, { method: "POST", headers: { authorization: `Bearer ${key}` } })).status;

it("begins what is asked for, for the operator alone", async () => {
  expect(await ask("/double_events?share=0.5&seconds=120", "omoi_sk_other")).toBe(401);
  expect(begun).toEqual([]);
  expect(await ask("/double_events?share=0.5&seconds=120")).toBe(204);
  expect(begun).toEqual([["double_events", 0.5, 120_000]]);
});

it.each([
  ["/drop_events?share=1&seconds=1", 404],
  ["/double_events?share=2&seconds=1", 422],
  ["/double_events?seconds=1", 422],
  ["/double_events?share=1&seconds=3601", 422],
  ["/double_events?share=1", 422],
])("%s is refused with %i", async (path, status) => {
  const before = begun.length;
  expect(await ask(path)).toBe(status);
  expect(begun).toHaveLength(before);
});
