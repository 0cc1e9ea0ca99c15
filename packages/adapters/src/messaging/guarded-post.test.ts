import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardedPost, type Lookup, PrivateAddress } from "./guarded-post.ts";

let server: Server;
let port = 0;
let requests = 0;
beforeAll(async () => {
  server = createServer((_, response) => {
    requests++;
    response.end();
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
    ["a private one among others", ["192.0.2.1", "10.0.0.1"]],
    ["the address of a cloud's metadata", ["169.254.169.254"]],
    ["a private one of IPv6", ["fd00::1"]],
    ["a private one in IPv6's clothes", ["::ffff:127.0.0.1"]],
  ])("is refused where it leads to %s", async (_, addresses) => {
    await expect(post(answering(addresses).lookup)).rejects.toBeInstanceOf(PrivateAddress);
    expect(requests).toBe(0);
  });

  it("is connected to at the address that was judged, whatever it leads to a moment later", async () => {
    // Nobody answers at the first: it is set apart for documentation.
    const name = answering(["192.0.2.1"], ["127.0.0.1"]);
    await expect(post(name.lookup)).rejects.not.toBeInstanceOf(PrivateAddress);
    expect([name.asked(), requests]).toEqual([1, 0]);
    await expect(post(name.lookup)).rejects.toBeInstanceOf(PrivateAddress);
    expect(requests).toBe(0);
  });
});
