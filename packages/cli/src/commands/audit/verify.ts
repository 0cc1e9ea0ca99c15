import type { Verification } from "@omoios/domain/audit/verify";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { clockTime } from "../../output/times.ts";
import { WrongUse } from "../../wrong-use.ts";
import { AlteredLine, auditRecords, recordsOfFile } from "./records.ts";

/** Whole as far as it goes, but some of it is not sealed yet. */
const UNSEALED = 3;

export const auditVerify = command<[], { file?: string }>({
  usage: "verify",
  about:
    "walk the audit's chains and name what was altered, left out or moved. Ends with 1 then, with 3 while some is unsealed",
  options: (made) =>
    made.option("--file <file>", "an export in place of the plane's own; OMOI_AUDIT_KEYS may hold its keys"),
  async run(cli, _, { file }) {
    const { verifyAudit } = await import("@omoios/domain/audit/verify");
    const keys = await keysOf(cli);
    const records = file === undefined ? auditRecords(await cli.client()) : recordsOfFile(file);
    const found = await verifyAudit(records, keys).catch((error: unknown): Verification => {
      if (!(error instanceof AlteredLine)) throw error;
      const finding = { what: "altered" as const, name: `line ${error.line}`, why: "no export wrote it like this" };
      return { finding, entries: 0, pages: 0, roots: 0, unsealed: 0 };
    });
    cli.show({ whole: found.finding === undefined, ...found }, () => told(found));
    if (found.finding !== undefined) return EXIT.no;
    return found.unsealed > 0 ? UNSEALED : EXIT.done;
  },
});

function told({ finding, entries, roots, unsealed, sealed_at }: Verification): string {
  if (finding !== undefined) return `broken: ${finding.what}: ${finding.name} (${finding.why})\n`;
  const sealed = sealed_at === undefined ? "" : `, the last at ${clockTime(new Date(sealed_at).toISOString())}`;
  const open = unsealed === 0 ? "" : `${unsealed} entries are not sealed yet: what comes each minute seals them\n`;
  return `whole: ${entries} entries under ${roots} roots${sealed}\n${open}`;
}

/** The keys of the hashes: from `OMOI_AUDIT_KEYS` (as in the stage's secret `audit-keys`), else from the plane. */
async function keysOf(cli: Cli): Promise<Map<string, { kid: string; secret: Uint8Array }>> {
  const text = cli.terminal.env.OMOI_AUDIT_KEYS;
  const items = text === undefined ? (await (await cli.client()).listAuditKeys({})).items : parse(text);
  return new Map(items.map(({ kid, secret }) => [kid, { kid, secret: Buffer.from(secret, "base64url") }]));
}

function parse(text: string): { kid: string; secret: string }[] {
  try {
    const { keys } = JSON.parse(text) as { keys: { kid: string; secret: string }[] };
    return keys.map(({ kid, secret }) => ({ kid: String(kid), secret: String(secret) }));
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw new WrongUse('OMOI_AUDIT_KEYS must be {"keys": [{"kid", "secret", "created_at"}]}');
  }
}
