import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "@omoios/runner/session";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY, type SmallPlane, startSmallPlane } from "./small-plane.ts";

let plane: SmallPlane;
const folder = mkdtempSync(join(tmpdir(), "omoi-session-"));
beforeAll(async () => {
  plane = await startSmallPlane();
});
afterAll(async () => {
  await plane.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A session of the same agent, under a key of the runner's. */
async function opened(api_key: string): Promise<Session> {
  const identity_file = join(folder, "identity.json");
  const phase_ids = ["PHASE_IMPLEMENTATION"];
  const session = new Session({ url: plane.url, api_key, identity_file, phase_ids, capabilities: [], command: "true" });
  await session.open();
  return session;
}

test("a runner whose own key is refused by now ends its agent all the same", async () => {
  await opened(API_KEY);
  const revoked = await opened("omoi_sk_revoked");
  const statuses = () => [...plane.agents.rows.values()].map(({ status }) => status);
  expect(statuses()).toEqual(["IDLE"]);
  await revoked.end("restarted");
  expect(statuses()).toEqual(["TERMINATED"]);
  // It has ended, and that is what is wanted.
  await revoked.end("restarted");
});
