import { createHash } from "node:crypto";
import type { MailPayload } from "@omoios/domain/alerting/receivers/payload";
import { piecesOf } from "@omoios/kernel/pieces";

const LINE = "\r\n";
const BASE64_LINE = 76;

/** A mail as SMTP carries it: text and HTML as alternatives, all of it in ASCII. */
export function mailMessage({ to, subject, text, html, headers }: MailPayload, from: string): string {
  // It must not occur in a part, and the parts are base64, in which there is no underscore.
  const boundary = `_omoios_${createHash("sha256").update(subject).update(text).digest("hex").slice(0, 24)}`;
  const head = {
    From: from,
    To: to.join(", "),
    Subject: encodedWord(subject),
    ...headers,
    "MIME-Version": "1.0",
    "Content-Type": `multipart/alternative; boundary="${boundary}"`,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]+/g, " ")}`);
  const parts = [part("text/plain", text), part("text/html", html)];
  return [...lines, "", ...parts.flatMap((each) => [`--${boundary}`, each]), `--${boundary}--`, ""].join(LINE);
}

function part(type: string, content: string): string {
  const encoded = Buffer.from(content, "utf8").toString("base64");
  const folded = encoded.match(new RegExp(`.{1,${BASE64_LINE}}`, "g")) ?? [];
  return [`Content-Type: ${type}; charset=utf-8`, "Content-Transfer-Encoding: base64", "", ...folded].join(LINE);
}

/** Characters that an encoded word of a header takes, so that it stays under 75. */
const WORD = 15;

/** A header's text beyond ASCII, in words of RFC 2047. */
function encodedWord(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words = piecesOf([...text], WORD).map((characters) => characters.join(""));
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word, "utf8").toString("base64")}?=`).join(`${LINE} `);
}
