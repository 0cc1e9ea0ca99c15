import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type AuditRecord, auditRecord } from "@omoios/contracts/views/audit";
import type { Client } from "@omoios/sdk/client";
import { WrongUse } from "../../wrong-use.ts";

/** The audit's records as the plane has them, in their order. */
export async function* auditRecords(client: Client): AsyncGenerator<AuditRecord> {
  let cursor: string | undefined;
  do {
    const page = await client.exportAudit({ query: cursor === undefined ? {} : { cursor } });
    // In the order of the shape's members, in which a file's lines are held to be.
    for (const record of page.items) yield auditRecord.parse(record);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** A line of a file that is not, byte for byte, what an export wrote. */
export class AlteredLine extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`Line ${line} is not as it was exported`);
    this.line = line;
  }
}

/** The records of a file. Throws `AlteredLine` for one that no export wrote, `WrongUse` where there is no file. */
export async function* recordsOfFile(path: string): AsyncGenerator<AuditRecord> {
  const file = createReadStream(path);
  const opened = new Promise<void>((resolve, reject) => {
    file.once("open", () => resolve());
    file.once("error", (error) => reject(new WrongUse(`cannot read ${path}: ${error.message}`)));
  });
  await opened;
  let number = 0;
  for await (const line of createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const record = recordOf(line);
    if (record === undefined || JSON.stringify(record) !== line) throw new AlteredLine(number);
    yield record;
  }
}

function recordOf(line: string): AuditRecord | undefined {
  try {
    return auditRecord.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
