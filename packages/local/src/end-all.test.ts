import { expect, it } from "vitest";
import { endAll } from "./end-all.ts";

it("ends all that was started, the newest first, also where one does not end", async () => {
  const ended: string[] = [];
  const started = [
    () => ended.push("emulator"),
    () => Promise.reject(new Error("a reader is stuck")),
    () => ended.push("gateway"),
  ];
  await expect(endAll(started)).rejects.toThrow("a reader is stuck");
  expect(ended).toEqual(["gateway", "emulator"]);
  await endAll(started);
  expect(ended).toHaveLength(2);
});
