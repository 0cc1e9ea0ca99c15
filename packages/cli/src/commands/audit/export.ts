import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { command } from "../../command.ts";
import { auditRecords } from "./records.ts";

export const auditExport = command<[], { out: string }>({
  usage: "export",
  about: "write the audit into a file, one record a line, as `omoi audit verify --file` reads it",
  options: (made) => made.requiredOption("--out <file>", "the file; what it held is replaced"),
  async run(cli, _, { out }) {
    const file = createWriteStream(out, { mode: 0o600 });
    let [records, entries] = [0, 0];
    for await (const record of auditRecords(await cli.client())) {
      records += 1;
      if (record.kind === "page") entries += record.entries.length;
      if (!file.write(`${JSON.stringify(record)}\n`)) await once(file, "drain");
    }
    file.end();
    await once(file, "finish");
    cli.show({ file: out, records, entries }, () => `${entries} entries are in ${out}\n`);
  },
});
