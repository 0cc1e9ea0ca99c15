import { expect, it } from "vitest";
import { messageText } from "./message-text.ts";

it("holds no character that a queue refuses, and says what the value says", () => {
  const value = { "🦊": 'a "fox" 🦊\u0000\ufffe\uffff\n', lone: "\ud83e", plain: "日本" };
  const text = messageText(value);
  expect(text).not.toMatch(/[^\x20-\ud7ff\ue000-\ufffd]/);
  expect(text).toContain("日本");
  expect(JSON.parse(text)).toEqual(value);
});
