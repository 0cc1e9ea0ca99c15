import { type AuditRecord, auditRecord } from "@omoios/contracts/views/audit";
import { describe, expect, it } from "vitest";
import { frameHash } from "./chain.ts";
import { KEY, KEYS, NOW, pagesOf } from "./log-pages.fixture.ts";
import type { AuditRootRow, LogPage } from "./model.ts";
import { nextRoot } from "./seal.ts";
import { verifyAudit } from "./verify.ts";

/** An export: the first `sealed` pages are sealed, by two roots. */
function exportOf(count: number, sealed: number): AuditRecord[] {
  const pages = pagesOf(count);
  const roots: AuditRootRow[] = [];
  for (const upTo of [Math.floor(sealed / 2), sealed]) {
    const root = nextRoot(pages.slice(0, upTo) as LogPage[], roots.toReversed(), KEY, NOW + upTo * 1000, 400);
    if (root !== undefined) roots.push(root);
  }
  const framed = <T extends object>(said: T) => ({ ...said, hash: frameHash(KEY, Object.entries(said)) });
  return [
    framed({ kind: "begin" as const, stage: "test", kept_since: NOW - 86_400_000 * 2, kid: "k" }),
    ...roots.map(({ version: _, ...root }) => ({ kind: "root" as const, ...root })),
    ...pages.map((page) => ({ kind: "page" as const, ...page })),
    framed({ kind: "end" as const, last_root: roots.length, last_page: pages.at(-1)?.order ?? "", kid: "k" }),
  ].map((record) => auditRecord.parse(record));
}

const isPage = (record: AuditRecord) => record.kind === "page";
const findingOf = async (records: readonly AuditRecord[]) => (await verifyAudit(records, KEYS)).finding;

describe("an export", () => {
  it("is whole, and says what is not sealed yet", async () => {
    expect(await verifyAudit(exportOf(6, 6), KEYS)).toEqual({
      entries: 12,
      pages: 6,
      roots: 2,
      unsealed: 0,
      sealed_at: NOW + 6000,
    });
    expect(await verifyAudit(exportOf(6, 4), KEYS)).toMatchObject({ unsealed: 4 });
    expect(await verifyAudit(exportOf(0, 0), KEYS)).toMatchObject({ entries: 0, unsealed: 0 });
  });

  it("with any single byte altered is broken", async () => {
    const lines = exportOf(4, 4).map((record) => JSON.stringify(record));
    let tried = 0;
    for (const [number, line] of lines.entries()) {
      for (let at = 0; at < line.length; at++) {
        const changed = `${line.slice(0, at)}${line[at] === "7" ? "8" : "7"}${line.slice(at + 1)}`;
        const read = readLine(changed);
        // What is no record, or would be written otherwise, is refused by the reader of files.
        if (read === undefined || JSON.stringify(read) !== changed) continue;
        tried += 1;
        const records = lines.map((text, index) => (index === number ? read : auditRecord.parse(JSON.parse(text))));
        expect(["altered", "missing", "reordered"], changed).toContain((await findingOf(records))?.what);
      }
    }
    expect(tried).toBeGreaterThan(1_000);
  });

  it("names the entry that was altered", async () => {
    const records = exportOf(4, 4);
    const page = records.find(isPage);
    const entry = page?.entries[1];
    if (!entry) throw new Error("No entry");
    entry.event = entry.event.replace("running", "stopped");
    expect(await findingOf(records)).toMatchObject({ what: "altered", name: `entry ${page?.keys[1]}` });
  });

  it("names what was removed: an entry, a page, a root, the rest", async () => {
    const gone = exportOf(4, 4);
    const page = gone.find(isPage);
    if (page) page.entries[0] = null;
    expect(await findingOf(gone)).toMatchObject({ what: "missing", name: `entry ${page?.keys[0]}` });
    for (const [index, { kind }] of exportOf(4, 4).entries()) {
      const without = exportOf(4, 4).filter((_, at) => at !== index);
      expect(await findingOf(without), `without ${index}, a ${kind}`).toMatchObject({ what: "missing" });
    }
    for (let length = 0; length < 8; length++)
      expect(await findingOf(exportOf(4, 4).slice(0, length))).toMatchObject({ what: "missing" });
  });

  it("knows no page in another's place, and no entry in another's", async () => {
    for (let index = 0; index + 1 < exportOf(6, 6).length; index++) {
      const moved = exportOf(6, 6);
      moved.splice(index, 2, ...moved.slice(index, index + 2).reverse());
      expect(["altered", "missing", "reordered"], `${index} and the next`).toContain((await findingOf(moved))?.what);
    }
    const records = exportOf(4, 4);
    const page = records.find(isPage);
    page?.entries.reverse();
    expect(await findingOf(records)).toMatchObject({ what: "reordered" });
  });

  it("made by somebody without the key is altered", async () => {
    expect(
      (await verifyAudit(exportOf(2, 2), new Map([["k", { ...KEY, secret: new Uint8Array(32) }]]))).finding,
    ).toMatchObject({ what: "altered" });
    expect((await verifyAudit(exportOf(2, 2), new Map())).finding).toMatchObject({ why: "there is no audit key k" });
  });

  it("begins in the middle of a chain where what was before has gone by its time", async () => {
    const [begin, ...rest] = exportOf(6, 6);
    const later = { kind: "begin" as const, stage: "test", kept_since: NOW + 1500, kid: "k" };
    const kept = rest.filter((record) => record.kind !== "page" || record.n > 1);
    expect(begin?.kind).toBe("begin");
    expect(await findingOf([{ ...later, hash: frameHash(KEY, Object.entries(later)) }, ...kept])).toBeUndefined();
  });
});

function readLine(line: string): AuditRecord | undefined {
  try {
    return auditRecord.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
