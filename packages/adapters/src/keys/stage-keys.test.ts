import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeApiKey, newStageKeys } from "./make-keys.ts";
import { stageKeysFrom } from "./stage-keys.ts";

const clock = { at: 0, now: () => clock.at };
const noSsm = (): SSMClient => {
  throw new Error("A key file needs no SSM");
};
let folder: string;
beforeEach(async () => {
  clock.at = 0;
  folder = await mkdtemp(join(tmpdir(), "omoi-keys-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a key file", () => {
  it("is rotated without a gap, and without a restart", async () => {
    const path = join(folder, "token-keys.json");
    const [old, fresh] = [JSON.parse(newStageKeys(0)).keys[0], JSON.parse(newStageKeys(1_000_000)).keys[0]];
    const put = (...keys: unknown[]) => writeFile(path, JSON.stringify({ keys }));
    await put(old);
    const [signer, verifier] = [0, 1].map(() => stageKeysFrom({ place: `file:${path}`, clock, ssm: noSsm }));
    clock.at = 999_999;
    const signsWith = async () => (await signer?.newest())?.kid;
    const knows = async (kid: string) => (await verifier?.find(kid)) !== undefined;
    expect([await signsWith(), await knows(old.kid)]).toEqual([old.kid, true]);

    clock.at = 1_000_000;
    await put(old, fresh);
    // Just made, it is known to nobody who read the keys a moment ago, so it does not sign yet.
    expect(await knows(fresh.kid)).toBe(false);
    expect(await signsWith()).toBe(old.kid);
    clock.at = 1_299_999;
    expect([await signsWith(), await knows(fresh.kid), await knows(old.kid)]).toEqual([fresh.kid, true, true]);

    await put(fresh);
    clock.at += 300_000;
    expect(await signsWith()).toBe(fresh.kid);
  });

  it("lets a key that is alone sign at once", async () => {
    const path = join(folder, "token-keys.json");
    await writeFile(path, newStageKeys(5_000));
    clock.at = 5_000;
    const keys = stageKeysFrom({ place: `file:${path}`, clock, ssm: noSsm });
    expect(await keys.newest()).toHaveProperty("kid");
  });

  it("that is missing is named, and looked for again", async () => {
    const path = join(folder, "token-keys.json");
    const keys = stageKeysFrom({ place: `file:${path}`, clock, ssm: noSsm });
    await expect(keys.newest()).rejects.toThrow(`Cannot read the keys in ${path}: ENOENT`);
    await writeFile(path, newStageKeys(0));
    expect(await keys.newest()).toHaveProperty("kid");
  });
});

describe("an SSM parameter", () => {
  let server: Server;
  const seen: unknown[] = [];
  const values = new Map<string, string>();
  beforeEach(async () => {
    seen.length = 0;
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => {
        body += part;
      });
      request.on("end", () => {
        const asked = JSON.parse(body) as { Name: string };
        seen.push(asked);
        const Value = values.get(asked.Name);
        response.statusCode = Value === undefined ? 400 : 200;
        response.setHeader("Content-Type", "application/x-amz-json-1.1");
        response.end(JSON.stringify(Value === undefined ? { __type: "ParameterNotFound" } : { Parameter: { Value } }));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterEach(() => new Promise((done) => server.close(done)));

  const ssm = () =>
    new SSMClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "local",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });

  it("is decrypted and read once", async () => {
    values.set("/omoios/dev/token-keys", newStageKeys(0));
    const keys = stageKeysFrom({ place: "/omoios/dev/token-keys", clock, ssm });
    const [one, two] = await Promise.all([keys.newest(), keys.newest()]);
    expect(one).toBe(two);
    expect(seen).toEqual([{ Name: "/omoios/dev/token-keys", WithDecryption: true }]);
  });

  it("that is missing is named with the remedy", async () => {
    const keys = stageKeysFrom({ place: "/omoios/none", clock, ssm });
    await expect(keys.newest()).rejects.toThrow(/\/omoios\/none: it does not exist: put it as a SecureString/);
  });
});

it("operators' keys are long, and no two are the same", () => {
  const keys = Array.from({ length: 200 }, makeApiKey);
  expect(new Set(keys).size).toBe(200);
  for (const key of keys) expect(key).toMatch(/^omoi_sk_[0-9A-Za-z]{43}$/);
});
