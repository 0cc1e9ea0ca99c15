import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { command } from "../../command.ts";
import { WrongUse } from "../../wrong-use.ts";
import { auditRecords } from "./records.ts";

export const auditExport = command<[], { out: string }>({
  usage: "export",
  about: "write the audit into a file, one record a line, as `omoi audit verify --file` reads it",
  options: (made) => made.requiredOption("--out <file>", "the file; what it held is replaced once all is there"),
  async run(cli, _, { out }) {
    const client = await cli.client();
    // Beside the file, so that it is renamed in one step.
    const part = `${out}.${randomUUID()}.part`;
    await makeEmpty(part, out);
    let [records, entries] = [0, 0];
    async function* lines() {
      for await (const record of auditRecords(client)) {
        records += 1;
        if (record.kind === "page") entries += record.entries.length;
        yield `${JSON.stringify(record)}\n`;
      }
    }
    try {
      await pipeline(lines, createWriteStream(part));
      await rename(part, out).catch((error: Error) => {
        throw cannotWrite(out, error);
      });
    } catch (failure) {
      await rm(part, { force: true });
      throw failure;
    }
    cli.show({ file: out, records, entries }, () => `${entries} entries are in ${out}\n`);
  },
});

/** Made before the plane is asked, and for its owner's eyes alone. Throws `WrongUse` where no file can be made. */
async function makeEmpty(part: string, out: string): Promise<void> {
  try {
    await (await open(part, "wx", 0o600)).close();
  } catch (error) {
    throw cannotWrite(out, error as Error);
  }
}

const cannotWrite = (out: string, { message }: Error) => new WrongUse(`cannot write ${out}: ${message}`);
