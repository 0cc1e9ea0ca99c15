import { createHash } from "node:crypto";
import { metrics } from "@omoios/contracts/metrics";
import { problems } from "@omoios/contracts/problems";
import { describe, expect, it } from "vitest";
import { echoApi } from "../../tests/harness/echo-api.ts";
import { makeDocuments } from "./docs/make-documents.ts";

const { root } = echoApi();

describe("the documents", () => {
  it("are served without a key, from source as the build would make them", async () => {
    const documents = makeDocuments();
    const openapi = await root("GET", "/openapi.json");
    expect([openapi.status, openapi.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(openapi.body).toEqual(JSON.parse(documents["openapi.json"]));
    expect((await root("GET", "/docs")).body).toBe(documents["docs.html"]);
  });

  it("are found from the bare address: by a browser as the page, by anything else as a list of places", async () => {
    const list = await root("GET", "/");
    const { name, ...places } = list.body;
    expect([list.status, name, places]).toEqual([
      200,
      "OmoiOS",
      { api: "/api/v1", docs: "/docs", openapi: "/openapi.json", health: "/api/v1/health" },
    ]);
    const accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    const { status, headers } = await root("GET", "/", { headers: { accept } });
    expect([status, headers.get("location"), headers.get("vary")]).toEqual([302, "/docs", "Accept"]);
    for (const place of [places.docs, places.openapi]) expect((await root("GET", place)).status).toBe(200);
  });

  it("has a page that runs nothing and loads nothing", async () => {
    const { headers, body } = await root("GET", "/docs");
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(body).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=|\sstyle=/i);
    const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers.get("content-security-policy")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  it("has a place for every problem's `type` and for every metric, and no link that leads nowhere", async () => {
    const { body } = await root("GET", "/docs");
    const ids = [...body.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    const links = [...body.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(links.filter((link) => !ids.includes(link))).toEqual([]);
    expect(Object.keys(problems).filter((code) => !ids.includes(`problem-${code}`))).toEqual([]);
    for (const name of Object.keys(metrics)) expect(body).toContain(`<td><code>${name}</code></td>`);
    const refusal = await root("GET", "/nothing");
    expect(ids).toContain(refusal.body.type.slice("/docs#".length));
  });
});
