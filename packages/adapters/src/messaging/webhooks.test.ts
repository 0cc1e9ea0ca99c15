import { createServer, type Server } from "node:http";
import { readRouting } from "@omoios/domain/alerting/routing-file";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Lookup } from "./guarded-post.ts";
import { isPrivateAddress } from "./private-address.ts";
import { newWebhookSecret } from "./webhook-secret.ts";
import { webhookFault, webhooksOf } from "./webhooks.ts";

const message = { id: "task_1-1", at: Date.parse("2026-01-05T10:00:00Z"), type: "task.assigned", data: { fence: 1 } };
const sleep = async () => undefined;
const open = webhooksOf({ allow_private: true, sleep });
/** Every name leads to this machine. */
const lookup: Lookup = (_name, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]);
const closed = webhooksOf({ allow_private: false, sleep, lookup });

let server: Server;
let port = 0;
let answers: number[] = [];
const ids: (string | string[] | undefined)[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    ids.push(request.headers["webhook-id"]);
    response.writeHead(answers.shift() ?? 200, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
beforeEach(() => {
  ids.length = 0;
});
afterAll(() => new Promise((done) => server.close(done)));

const to = (host = "127.0.0.1") => ({ url: `http://${host}:${port}/`, secret: newWebhookSecret() });

describe("sending", () => {
  it.each([
    ["a success", [204], 1],
    ["a passing fault, and then a success", [503, 200], 2],
  ])("is done after %s", async (_, given, sent) => {
    answers = [...given];
    await open.send(to(), message);
    expect(ids).toEqual(Array(sent).fill(message.id));
  });

  it.each([
    ["a refusal", [400], 1],
    ["a redirect, which leads anywhere", [302], 1],
    ["faults that do not pass", [500, 429], 2],
  ])("throws after %s", async (_, given, sent) => {
    answers = [...given];
    await expect(open.send(to(), message)).rejects.toThrow(`not taken: ${given.at(-1)}`);
    expect(ids).toHaveLength(sent);
  });

  it("connects to no private address, be it behind a name", async () => {
    await expect(closed.send(to(), message)).rejects.toThrow("https");
    const named = { ...to(), url: `https://hooks.example.com:${port}/` };
    await expect(closed.send(named, message)).rejects.toThrow("leads to a private address");
    expect(ids).toEqual([]);
  });
});

describe("urls", () => {
  it.each([
    ["https://agents.example.com/hook", undefined],
    ["https://93.184.216.34/hook", undefined],
    ["http://agents.example.com/hook", "must begin with https://"],
    ["https://user:word@agents.example.com/", "must not hold a user or a password"],
    ["https://localhost/", "must not lead to a private or loopback address"],
    ["https://localhost./", "must not lead to a private or loopback address"],
    ["https://127.1/", "must not lead to a private or loopback address"],
    ["https://0x0a000001/", "must not lead to a private or loopback address"],
    ["https://[::1]/", "must not lead to a private or loopback address"],
  ])("%s: %s", (url, fault) => {
    expect(closed.faultOf(url)).toBe(fault);
    expect(open.faultOf(url)).toBe(fault?.includes("password") ? fault : undefined);
  });

  it.each([
    ["10.1.2.3", true],
    ["100.64.0.1", true],
    ["169.254.169.254", true],
    ["172.31.255.255", true],
    ["172.32.0.1", false],
    ["192.168.0.1", true],
    ["8.8.8.8", false],
    ["::", true],
    ["fd00::1", true],
    ["fe80::1", true],
    ["fec0::1", true],
    ["64:ff9b:1::a00:1", true],
    ["64:ff9b::a00:1", true],
    ["2002:7f00:1::", true],
    ["::127.0.0.1", true],
    ["100::1", true],
    ["100:0:0:1::1", true],
    ["2001:0:7f00:1::1", true],
    ["2001:db8::1", true],
    ["3fff::1", true],
    ["5f00::1", true],
    ["ff02::1", true],
    ["2001:4860:4860::8888", false],
    ["::ffff:10.0.0.1", true],
    ["::ffff:8.8.8.8", false],
    ["2606:4700::1111", false],
    ["agents.example.com", false],
  ])("%s is private: %s", (address, expected) => {
    expect(isPrivateAddress(address)).toBe(expected);
  });
});

it.each(["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "[::1]", "[fe80::1]", "localhost"])(
  "a receiver of alerts at %s is refused when the routing is loaded, unless the stage allows it",
  (host) => {
    const text = `receivers: [{ name: hook, type: webhook, url: "https://${host}/hook", secret: "\${secret:key}" }]\nroute: { receiver: hook }`;
    const read = (plain: boolean) => readRouting(text, "r.yaml", { plain, faultOf: webhookFault(plain) });
    expect(read(false)).toEqual({
      ok: false,
      faults: ["r.yaml:1:47 receivers[0].url: must not lead to a private or loopback address"],
    });
    expect(read(true).ok).toBe(true);
  },
);

it.each([
  ["ftp://example.com/hook", "must begin with https:// or http://", "must begin with https://"],
  ["http://example.com/hook", undefined, "must begin with https://"],
  ["https://example.com/hook", undefined, undefined],
])("a receiver's url %s: %s where the stage allows plain ones, else %s", (url, allowed, strict) => {
  const text = `receivers: [{ name: hook, type: webhook, url: "${url}", secret: "\${secret:key}" }]\nroute: { receiver: hook }`;
  const faultOf = (plain: boolean) => {
    // Whether a plain url may stand in the file at all is another question.
    const read = readRouting(text, "r.yaml", { plain: true, faultOf: webhookFault(plain) });
    return read.ok ? undefined : read.faults;
  };
  const at = (fault: string | undefined) => fault && [`r.yaml:1:47 receivers[0].url: ${fault}`];
  expect([faultOf(true), faultOf(false)]).toEqual([at(allowed), at(strict)]);
});
