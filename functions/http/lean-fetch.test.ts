import { describe, expect, it } from "vitest";
import * as lean from "./lean-fetch.ts";

/** Both are asked the same, and must say the same. */
const both = <T>(ask: (kit: typeof lean) => T): [T, T] => [ask(lean), ask(globalThis as unknown as typeof lean)];

describe("lean Headers", () => {
  it.each<[string, (headers: lean.Headers) => unknown]>([
    ["a name in any letters", (headers) => [headers.get("ETag"), headers.get("etag"), headers.has("ETAG")]],
    ["what is not there", (headers) => [headers.get("x"), headers.has("x")]],
    ["what is set twice", (headers) => [headers.set("etag", "2"), headers.get("etag")]],
    ["what is appended", (headers) => [headers.append("Vary", "a"), headers.append("vary", "b"), headers.get("VARY")]],
    ["what is deleted", (headers) => [headers.delete("ETAG"), headers.has("etag")]],
    ["room around a value", (headers) => [headers.set("x", " \ta b \t"), headers.get("x")]],
    ["all of them", (headers) => Object.fromEntries(headers)],
  ])("say what Node's say: %s", (_what, ask) => {
    const [ours, nodes] = both(({ Headers }) => ask(new Headers({ ETag: '"1"', "x-a": "b" })));
    expect(ours).toEqual(nodes);
  });

  it.each(["a\r\nSet-Cookie: b", "a\nb", "a\0b"])("refuse a value that would end its line: %j", (value) => {
    for (const { Headers } of [lean, globalThis]) expect(() => new Headers({ x: value })).toThrow(TypeError);
  });
});

describe("a lean Request", () => {
  it("has its body as bytes", async () => {
    const body = new TextEncoder().encode("--Grüße").subarray(2);
    const ask = ({ Headers, Request }: typeof lean) =>
      new Request("https://plane.invalid/a?b=c", { method: "POST", headers: new Headers(), body });
    const [ours, nodes] = await Promise.all(
      both(ask).map(async (request) => [request.url, request.method, new Uint8Array(await request.arrayBuffer())]),
    );
    expect(ours).toEqual(nodes);
  });
});

describe("a lean Response", () => {
  it.each<[string, string | null, ConstructorParameters<typeof lean.Response>[1]]>([
    ["of text", "Grüße", undefined],
    ["of nothing", null, { status: 204 }],
    ["with a status and headers", "{}", { status: 404, headers: { "Content-Type": "application/json" } }],
    ["with another's headers", "", { headers: new Map([["x", "y"]]) }],
  ])("says what Node's says: %s", async (_what, body, init) => {
    const [ours, nodes] = await Promise.all(
      both(({ Response }) => new Response(body, init)).map(async (response) => ({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      })),
    );
    expect(ours).toEqual(nodes);
  });
});
