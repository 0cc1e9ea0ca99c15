import { createHmac } from "node:crypto";
import { notification } from "@omoios/contracts/shapes/alert";
import { describe, expect, it } from "vitest";
import type { Notice } from "../notice.ts";
import { at, ends, fires, HOUR, routingFrom } from "../scenario.fixture.ts";
import { runScenario } from "../scenario.ts";
import { withSecrets } from "../secrets.ts";
import type { HttpPayload, MailPayload } from "./payload.ts";
import { payloadFor } from "./registry.ts";

const KEY = Buffer.from("a key of some length").toString("base64");
const routing = routingFrom(`receivers:
  - { name: hook, type: webhook, url: "\${secret:hook_url}", secret: "\${secret:hook_key}" }
  - { name: slack, type: slack, url: "\${secret:slack}" }
  - { name: oncall, type: pagerduty, routing_key: R1 }
  - { name: mail, type: email, to: [ops@example.com] }
route: { receiver: hook, group_wait: 0s }`);
const values = new Map([
  ["hook_url", "https://example.com/hook"],
  ["hook_key", `whsec_${KEY}`],
  ["slack", "https://hooks.example.com/1"],
]);

/** What a receiver is sent of an alert's begin and end. */
function sent(
  name: string,
  given: Parameters<typeof fires>[1] = {},
  beside: Parameters<typeof fires>[1][] = [],
): { notice: Notice; payload: HttpPayload | MailPayload }[] {
  const receiver = routing.receivers.get(name);
  const filled = receiver === undefined ? undefined : withSecrets(receiver, values);
  if (!filled?.ok) throw new Error(`${name} is not whole`);
  const words = { routing: [name], severity: "critical" as const, runbook_url: "https://r.example.com", ...given };
  const others = beside.map((other) => fires(0, { ...words, ...other }));
  const signals = [fires(0, words), ...others, ends(600, words)];
  const { notices } = runScenario({ routing, signals, until: at(HOUR) });
  return notices
    .filter((notice) => notice.receiver === name)
    .map((notice) => ({ notice, payload: payloadFor(filled.receiver, notice, at(700)) }));
}

const bodies = (name: string, given?: Parameters<typeof fires>[1]) =>
  sent(name, given).map(({ payload }) => JSON.parse("body" in payload ? payload.body : "null"));
const mails = (given?: Parameters<typeof fires>[1], beside?: Parameters<typeof fires>[1][]) =>
  sent("mail", given, beside).flatMap(({ payload }) => (payload.kind === "mail" ? [payload] : []));

describe("webhook", () => {
  it("sends Alertmanager's body, signed, with the notification's id", () => {
    for (const { notice, payload } of sent("hook")) {
      if (payload.kind !== "http") throw new Error("a webhook is a call");
      expect(notification().parse(JSON.parse(payload.body))).toEqual(notice.notification);
      const stamp = String(at(700) / 1_000);
      const signature = createHmac("sha256", Buffer.from(KEY, "base64"))
        .update(`${notice.notification_id}.${stamp}.${payload.body}`)
        .digest("base64");
      expect([payload.url, payload.headers]).toEqual([
        "https://example.com/hook",
        {
          "content-type": "application/json",
          "webhook-id": notice.notification_id,
          "webhook-timestamp": stamp,
          "webhook-signature": `v1,${signature}`,
        },
      ]);
    }
  });
});

describe("pagerduty", () => {
  it("opens an incident, and resolves the same one", () => {
    const [opened, closed] = bodies("oncall");
    expect(opened).toMatchObject({
      routing_key: "R1",
      event_action: "trigger",
      links: [{ href: "https://r.example.com", text: "Runbook" }],
      payload: {
        summary: "[FIRING:1] slow (agent_id=a1)",
        source: "a1",
        severity: "critical",
        timestamp: "2026-01-05T10:00:00.000Z",
      },
    });
    expect(closed).toMatchObject({ event_action: "resolve", dedup_key: opened.dedup_key });
    expect(opened.dedup_key.length).toBeLessThanOrEqual(255);
  });

  it("keeps within what PagerDuty takes, however long labels are", () => {
    const long = (n: number) => ({ agent_id: `a${n}`, note: `${n} \u0001${"ü".repeat(8_000)}` });
    const beside = Array.from({ length: 99 }, (_, n) => ({ labels: long(n + 2) }));
    const [opened] = sent("oncall", { labels: long(1) }, beside);
    if (opened?.payload.kind !== "http") throw new Error("an event is a call");
    expect(Buffer.byteLength(opened.payload.body)).toBeLessThan(512_000);
    const { alerts, truncated } = JSON.parse(opened.payload.body).payload.custom_details;
    expect(alerts.length + truncated).toBe(100);
  });

  it("names a source where the agent has no name, and no longer one than PagerDuty takes", () => {
    const sources = ["", "a".repeat(300)].map(
      (agent_id) => bodies("oncall", { labels: { agent_id } })[0].payload.source,
    );
    expect(sources).toEqual(["omoios", `${"a".repeat(254)}…`]);
  });
});

describe("slack", () => {
  it("cuts no escape in two", () => {
    const [opened] = bodies("slack", { annotations: { summary: `${"x".repeat(1_497)}<y` } });
    expect(opened.blocks[1].text.text).toBe(`*firing* ${"x".repeat(1_497)}… <https://r.example.com|runbook>`);
  });

  it("cuts no character in two", () => {
    const [opened] = bodies("slack", { annotations: { summary: "🦊".repeat(1_000) } });
    const [, { text }] = opened.blocks;
    expect(text.text).toBe(`*firing* ${"🦊".repeat(749)}… <https://r.example.com|runbook>`);
  });

  it("sends blocks, with what others wrote made harmless", () => {
    const [opened] = bodies("slack", { annotations: { summary: "<!channel> a & b" } });
    expect(opened).toEqual({
      text: "[FIRING:1] slow (agent_id=a1)",
      blocks: [
        { type: "header", text: { type: "plain_text", text: "[FIRING:1] slow (agent_id=a1)" } },
        {
          type: "section",
          text: { type: "mrkdwn", text: "*firing* &lt;!channel&gt; a &amp; b <https://r.example.com|runbook>" },
        },
        { type: "context", elements: [{ type: "mrkdwn", text: "critical · since 2026-01-05T10:00:00.000Z · slack" }] },
      ],
    });
  });

  it("keeps within what Slack takes", () => {
    const [opened] = bodies("slack", { labels: { agent_id: "x".repeat(5_000) } });
    const lengths = opened.blocks.map(
      ({ text, elements }: { text?: { text: string }; elements?: unknown[] }) => text?.text.length ?? elements?.length,
    );
    expect(lengths).toEqual([150, expect.any(Number), 1]);
    expect(lengths[1]).toBeLessThanOrEqual(3_000);
  });
});

describe("email", () => {
  it("threads the mails of a group", () => {
    const [opened, closed] = mails();
    const id = opened?.headers["Message-ID"];
    const thread = opened?.headers.References;
    expect([id, thread]).toEqual([
      expect.stringMatching(/^<[0-9a-f]{16}\.1@alerts\.omoios>$/),
      expect.stringMatching(/^<[0-9a-f]{16}@alerts\.omoios>$/),
    ]);
    expect(closed?.headers).toEqual({
      "Message-ID": expect.stringMatching(/^<ntf_/),
      "In-Reply-To": id,
      References: `${thread} ${id}`,
    });
    expect([opened?.to, opened?.subject, closed?.subject]).toEqual([
      ["ops@example.com"],
      "[FIRING:1] slow (agent_id=a1)",
      "[RESOLVED] slow (agent_id=a1)",
    ]);
  });

  it("says of each alert by which labels it is another one, unless its summary does", () => {
    const annotations = { summary: "An agent is strange" };
    const [mail] = mails({ annotations }, [
      { annotations, labels: { agent_id: "a2" } },
      { annotations: { summary: "a3 is strange" }, labels: { agent_id: "a3" } },
    ]);
    expect(mail?.subject).toBe("[FIRING:3] slow");
    expect(mail?.text.split("\n").filter((line) => line.startsWith("- "))).toEqual([
      "- firing: An agent is strange (agent_id=a1) (since 2026-01-05T10:00:00.000Z)",
      "- firing: An agent is strange (agent_id=a2) (since 2026-01-05T10:00:00.000Z)",
      "- firing: a3 is strange (since 2026-01-05T10:00:00.000Z)",
    ]);
  });

  it("says the same as text and as HTML, with what others wrote made harmless", () => {
    const [mail] = mails({ annotations: { summary: '<script>"x"' }, runbook_url: "javascript:alert(1)" });
    expect(mail?.text).toContain('- firing: <script>"x" (since 2026-01-05T10:00:00.000Z)');
    expect(mail?.html).toContain("firing: &lt;script&gt;&quot;x&quot; (since 2026-01-05T10:00:00.000Z)");
    expect(mail?.html).not.toContain("<a ");
  });
});

it("names the secrets of which there is no value", () => {
  const hook = routing.receivers.get("hook");
  expect(hook && withSecrets(hook, new Map([["hook_url", "https://example.com"]]))).toEqual({
    ok: false,
    missing: ["hook_key"],
  });
});
