import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { WrongUse } from "../../wrong-use.ts";

/** A value from standard input: all of it but its last line end where it is piped, one line without echo where a person types it. */
export async function readSecret(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, "");
  // What readline writes is the echo of what is typed.
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const typing = createInterface({ input: process.stdin, output: unseen, terminal: true });
  process.stderr.write(prompt);
  try {
    return await new Promise((resolve, reject) => {
      typing.once("close", () => reject(new WrongUse("nothing was typed, and nothing was changed")));
      typing.once("line", resolve);
    });
  } finally {
    typing.close();
    process.stderr.write("\n");
  }
}
