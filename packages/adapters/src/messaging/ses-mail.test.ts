import { createServer, type Server } from "node:http";
import { judgeAttempt } from "@omoios/domain/alerting/delivery";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sesMail } from "./ses-mail.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const MAIL = {
  kind: "mail" as const,
  to: ["oncall@example.com"],
  subject: "Disk full",
  text: "It is full",
  html: "<p>It is full</p>",
  headers: {},
};

let server: Server;
let endpoint = "";
let answer: { status: number; headers?: Record<string, string>; body: string };
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(answer.status, answer.headers).end(answer.body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
});
afterAll(() => new Promise((done) => server.close(done)));

const signing = {
  region: async () => "eu-central-1",
  credentials: async () => ({ accessKeyId: "key", secretAccessKey: "secret" }),
};
const send = () => sesMail({ endpoint, from: "plane@example.com", signing })(MAIL);
const xml = (code: string) => `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`;
const json = (type: string) => JSON.stringify({ __type: type, message: "no" });

it.each([
  ["Throttling", { status: 400, body: xml("Throttling") }],
  ["a quota", { status: 400, body: xml("LimitExceeded") }],
  ["ThrottlingException", { status: 400, body: xml("ThrottlingException") }],
  ["a token that has run out", { status: 403, body: xml("ExpiredToken") }],
  ["a signature that has", { status: 400, body: xml("RequestExpired") }],
  [
    "too many requests",
    { status: 400, headers: { "x-amzn-ErrorType": "TooManyRequestsException:http://aws/" }, body: "" },
  ],
  ["a limit, in JSON", { status: 400, body: json("com.amazonaws.sesv2#LimitExceededException") }],
  ["a code, in JSON", { status: 400, body: JSON.stringify({ code: "ServiceUnavailable" }) }],
  ["a fault of its own", { status: 503, body: xml("ServiceUnavailable") }],
])("%s is tried again", async (_, given) => {
  answer = given;
  const sent = await send();
  if ("refused" in sent) throw new Error(sent.refused);
  expect(judgeAttempt(sent, { tries: 1, since: NOW, now: NOW, random: () => 0 })).toEqual({
    do: "retry",
    at: NOW + 1_000,
  });
});

it.each([
  ["MessageRejected", { status: 400, body: xml("MessageRejected") }],
  ["a domain that is not verified", { status: 400, body: xml("MailFromDomainNotVerified") }],
  ["a paused account", { status: 400, headers: { "x-amzn-ErrorType": "AccountSuspendedException" }, body: "" }],
  ["what says nothing", { status: 400, body: "Throttling is a word" }],
])("%s is final", async (_, given) => {
  answer = given;
  expect(await send()).toEqual({ status: 400 });
});
