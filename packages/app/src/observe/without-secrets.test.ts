import { expect, test } from "vitest";
import { withoutSecrets } from "./without-secrets.ts";

const shown = (value: unknown): unknown => JSON.parse(JSON.stringify(value, withoutSecrets));

test.each([
  ["an API key", "the key omoi_sk_Abc123 is wrong", "the key [hidden] is wrong"],
  ["a registration key", "omoi_rk_Abc123", "[hidden]"],
  ["a webhook's secret", "whsec_aGVsbG8+/w==", "[hidden]"],
  ["a token", "refused eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl.", "refused [hidden]."],
  ["a bearer of any shape", "authorization: bearer 0123-abc", "authorization: bearer [hidden]"],
  ["a password in a URL", "connect http://me:pass@host/x", "connect http://[hidden]@host/x"],
  ["an address that is a secret", "POST https://hooks.slack.com/services/T0/B0/xyz failed", "POST [hidden] failed"],
])("%s is hidden within a text", (_what, text, without) => {
  expect(shown({ message: text, error: { message: text } })).toEqual({ message: without, error: { message: without } });
});

test.each(["authorization", "secret", "access_token", "webhook_secret", "api_key", "private_key", "routing_key", "d"])(
  "%s is hidden whatever it holds",
  (name) => {
    expect(shown({ deep: { [name]: { x: "1" } } })).toEqual({ deep: { [name]: "[hidden]" } });
  },
);

test.each([
  [{ task_id: "task_0123456789abcdefghjk", key_id: "key_0123456789abcdefghjk", detail: "secret keeping" }],
  [{ url: "http://127.0.0.1:4319/api/v1/tasks", status: 200, acked: null }],
])("what is none stays: %j", (line) => {
  expect(shown(line)).toEqual(line);
});
