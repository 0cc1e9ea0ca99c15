import { createServer, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardedPost, type Lookup, PrivateAddress } from "./guarded-post.ts";

let server: Server;
let port = 0;
let requests = 0;
let endless: ((response: ServerResponse) => void) | undefined;
beforeAll(async () => {
  server = createServer(({ url }, response) => {
    requests++;
    if (url === "/endless") endless?.(response);
    else if (url === "/moved") response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
    else response.end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
beforeEach(() => {
  requests = 0;
});
afterAll(() => new Promise((done) => server.close(done)));

/** A name's answers, one after the other. */
function answering(...answers: string[][]): { lookup: Lookup; asked: () => number } {
  let asked = 0;
  const lookup: Lookup = (_name, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { lookup, asked: () => asked };
}
const post = (lookup: Lookup, allow_private = false) =>
  guardedPost(`http://hooks.example.com:${port}/`, { headers: {}, body: "{}", allow_private, timeout_ms: 500, lookup });

describe("a name that looks public", () => {
  it.each([
    ["a loopback address", ["127.0.0.1"]],
    ["a private one among others", ["93.184.216.34", "10.0.0.1"]],
    ["a private one of IPv6 behind a public one of IPv4", ["93.184.216.34", "2606:4700::1111", "fd00::1"]],
    ["a documented one, which stands for nothing", ["192.0.2.1"]],
    ["the address of a cloud's metadata", ["169.254.169.254"]],
    ["a private one of IPv6", ["fd00::1"]],
    ["a private one in IPv6's clothes", ["::ffff:127.0.0.1"]],
  ])("is refused where it leads to %s", async (_, addresses) => {
    await expect(post(answering(addresses).lookup)).rejects.toBeInstanceOf(PrivateAddress);
    expect(requests).toBe(0);
  });

  it("is connected to at the address that was judged, whatever it leads to a moment later", async () => {
    // The first takes what was meant for private addresses (AS112), and nobody answers at this port.
    const name = answering(["192.31.196.1"], ["127.0.0.1"]);
    await expect(post(name.lookup)).rejects.not.toBeInstanceOf(PrivateAddress);
    expect([name.asked(), requests]).toEqual([1, 0]);
    await expect(post(name.lookup)).rejects.toBeInstanceOf(PrivateAddress);
    expect(requests).toBe(0);
  });
});

it("follows no redirect: it leads past the guard", async () => {
  const options = { headers: {}, body: "{}", allow_private: true, timeout_ms: 60_000 };
  expect(await guardedPost(`http://127.0.0.1:${port}/moved`, options)).toMatchObject({ status: 302 });
  expect(requests).toBe(1);
});

it("ends the connection at the answer's head, however much would come after it", async () => {
  const closed = new Promise<void>((resolve) => {
    endless = (response) => {
      const sending = setInterval(() => response.write("x".repeat(1_000)), 1);
      response.once("close", () => {
        clearInterval(sending);
        resolve();
      });
    };
  });
  const slow = { headers: {}, body: "{}", allow_private: true, timeout_ms: 60_000 };
  expect((await guardedPost(`http://127.0.0.1:${port}/endless`, slow)).status).toBe(200);
  await closed;
});
