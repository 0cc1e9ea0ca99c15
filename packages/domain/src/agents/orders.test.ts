import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import { expect, it } from "vitest";
import { NOW } from "./agent-row.fixture.ts";
import { orderFor } from "./orders.ts";

const leaving = { how: "restart", why: "stuck", since: NOW, until: NOW } as const;
const old = NOW - 90 * 86_400_000 - 1;

it.each([
  { agent: {}, stop: [], order: "continue" },
  { agent: { key_at: old + 1 }, stop: [], order: "continue" },
  { agent: { key_at: old }, stop: [], order: "rotate_key" },
  { agent: { key_at: NOW, rotate_asked_at: NOW }, stop: [], order: "rotate_key" },
  { agent: { rotate_asked_at: NOW }, stop: ["task"], order: "stop" },
  { agent: { rotate_asked_at: NOW, leaving }, stop: ["task"], order: "shutdown" },
])("$agent with $stop to stop is told $order", ({ agent, stop, order }) => {
  expect(orderFor(agent, stop, NOW, limits)).toBe(order);
});
