import { describe, expect, it } from "vitest";
import { newStageKeys } from "./make-keys.ts";
import { parseStageKeys } from "./stage-key-list.ts";

const secret = Buffer.alloc(32, 7).toString("base64url");
const key = (given: Record<string, unknown> = {}) => ({
  kid: "a",
  secret,
  created_at: "2026-01-05T10:00:00Z",
  ...given,
});
const list = (...keys: unknown[]) => JSON.stringify({ keys });

describe("a list of token keys", () => {
  it("is read newest first", () => {
    const read = parseStageKeys(list(key(), key({ kid: "b", created_at: "2026-01-06T10:00:00Z" })), "here");
    expect(read.map(({ kid }) => kid)).toEqual(["b", "a"]);
    expect(read[0]?.secret).toEqual(new Uint8Array(32).fill(7));
  });

  it("can be made", () => {
    const [made] = parseStageKeys(newStageKeys(0), "here");
    expect(made).toMatchObject({ created_at: 0 });
    expect(made?.secret).toHaveLength(32);
  });

  it.each<{ rule: string; text: string; message: RegExp }>([
    { rule: "no JSON", text: "secret-in-a-wrong-file", message: /it is no JSON/ },
    { rule: "no object", text: "7", message: /it must be \{"keys"/ },
    { rule: "no keys", text: list(), message: /with one key, or two/ },
    { rule: "three keys", text: list(key(), key({ kid: "b" }), key({ kid: "c" })), message: /with one key, or two/ },
    { rule: "a key without name", text: list(key({ kid: undefined })), message: /keys\[0\]\.kid must be a text/ },
    {
      rule: "a short secret",
      text: list(key({ secret: "c2hvcnQ" })),
      message: /keys\[0\]\.secret must be base64url of/,
    },
    { rule: "no time", text: list(key(), key({ created_at: "now" })), message: /keys\[1\]\.created_at must be an RFC/ },
    { rule: "one name twice", text: list(key(), key()), message: /two keys have the same kid/ },
    { rule: "null for a key", text: list(null), message: /keys\[0\]\.kid/ },
  ])("with $rule is refused where it lies, without its secrets", ({ text, message }) => {
    const read = () => parseStageKeys(text, "/here/keys");
    expect(read).toThrow(message);
    expect(read).toThrow(/^\/here\/keys holds no keys/);
    expect(read).not.toThrow(/secret-in|c2hvcnQ/);
  });
});
