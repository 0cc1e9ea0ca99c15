import { type AuditRecord, auditRecord } from "@omoios/contracts/views/audit";
import { describe, expect, it } from "vitest";
import { KEY, KEYS, NOW, pagesOf } from "./log-pages.fixture.ts";
import type { AuditRootRow } from "./model.ts";
import { nextRoot } from "./seal.ts";
import { pagesOfPart, rootsOfPart, sealedBy, sealedPart } from "./sealed-part.ts";
import { verifyAudit } from "./verify.ts";

const PAGES = pagesOf(12);

/** A root over each two pages more. */
function rootsOver(pages: typeof PAGES): AuditRootRow[] {
  const roots: AuditRootRow[] = [];
  for (let upTo = 2; upTo <= pages.length; upTo += 2) {
    const root = nextRoot(pages.slice(0, upTo), roots.toReversed().slice(0, 5), KEY, NOW + upTo * 1000 + 5_000, 90);
    if (root !== undefined) roots.push(root);
  }
  return roots;
}

const ROOTS = rootsOver(PAGES);

/** The part of the roots from `from` on, up to `to`. */
function partOf(from: number, to: number, kept_since?: number): AuditRecord[] {
  const before = sealedBy(ROOTS.slice(0, from - 1));
  const roots = ROOTS.slice(from - 1, to);
  const pages = pagesOfPart(PAGES, roots, before);
  const entries = pages.map((page) => PAGES.find(({ hash }) => hash === page.hash)?.entries ?? []);
  const records = sealedPart({ stage: "test", roots, pages, entries, before, kept_since }, KEY);
  return records.map((record) => auditRecord.parse(JSON.parse(JSON.stringify(record))));
}

const PARTS = [partOf(1, 2, NOW - 2 * 86_400_000), partOf(3, 3), partOf(4, 6)];
const verified = (...parts: readonly (readonly AuditRecord[])[]) => verifyAudit(parts.flat(), KEYS);
const [FIRST = [], SECOND = [], THIRD = []] = PARTS;

describe("a part of what is sealed", () => {
  it("is whole by itself, and nothing in it is unsealed", async () => {
    const seen = await Promise.all(PARTS.map((part) => verified(part)));
    expect(seen.map(({ finding, unsealed, pages }) => ({ finding, unsealed, pages }))).toEqual([
      { finding: undefined, unsealed: 0, pages: 4 },
      { finding: undefined, unsealed: 0, pages: 2 },
      { finding: undefined, unsealed: 0, pages: 6 },
    ]);
  });

  it("goes on from the one before, so that all of them are one export", async () => {
    expect(await verified(...PARTS)).toMatchObject({ pages: 12, entries: 24, roots: 6, unsealed: 0 });
    expect((await verified(...PARTS)).finding).toBeUndefined();
    expect((await verified(SECOND, THIRD)).finding).toBeUndefined();
  });

  it("that is gone, moved or there twice is found", async () => {
    expect(await verified(FIRST, THIRD)).toMatchObject({ finding: { what: "missing", name: "root 3" } });
    expect(await verified(SECOND, FIRST, THIRD)).toMatchObject({ finding: { what: "missing" } });
    expect(await verified(FIRST, THIRD, SECOND)).toMatchObject({ finding: { what: "missing" } });
    expect(await verified(FIRST, SECOND, SECOND)).toMatchObject({ finding: { what: "reordered" } });
  });

  const pageAt = (at: number, place: string) => `the page listed as 0${NOW + at}#${place}`;

  it.each([
    [
      FIRST,
      ["root 1", "root 2", "page 1 of chain a", "page 1 of chain b", "page 2 of chain a", pageAt(3_000, "b#00000002")],
    ],
    [SECOND, ["root 3", "page 3 of chain a", pageAt(5_000, "b#00000003")]],
    [
      THIRD,
      [
        ...["root 4", "root 5", "root 6", "page 4 of chain a", "page 4 of chain b", "page 5 of chain a"],
        ...["page 5 of chain b", "page 6 of chain a", pageAt(11_000, "b#00000006")],
      ],
    ],
  ])("without any one of its records lacks that one", async (part, names) => {
    const found = await Promise.all(part.map(async (_, index) => (await verified(part.toSpliced(index, 1))).finding));
    const lacks = (name: string) => expect.objectContaining({ what: "missing", name });
    expect(found).toEqual(["the begin", ...names, "the end"].map(lacks));
  });

  it("with two of its records changed about is broken", async () => {
    const moved = THIRD.slice(1).map((_, at) => THIRD.toSpliced(at, 2, ...THIRD.slice(at, at + 2).reverse()));
    const found = (await Promise.all(moved.map((records) => verified(records)))).map(({ finding }) => finding);
    expect(found.map((finding) => [finding?.what, finding?.name])).toEqual([
      ["missing", "the begin"],
      ["missing", "root 4"],
      ["missing", "root 5"],
      ["reordered", "root 6"],
      ["reordered", "page 4 of chain a"],
      ["reordered", "page 4 of chain b"],
      ["reordered", "page 5 of chain a"],
      ["reordered", "page 5 of chain b"],
      ["reordered", "page 6 of chain a"],
      ["missing", pageAt(11_000, "b#00000006")],
    ]);
  });

  it("that says it goes on from elsewhere is altered", async () => {
    const [begin, ...rest] = SECOND;
    if (begin?.kind !== "begin" || begin.after === undefined) throw new Error("It does not go on");
    const moved = { ...begin, after: { ...begin.after, root: begin.after.root - 1 } };
    expect(await verified([moved, ...rest])).toMatchObject({ finding: { what: "altered", name: "the begin" } });
  });

  it("has no page that a root names again and an earlier part has", async () => {
    const [last] = ROOTS.slice(-1);
    const again = last && nextRoot(PAGES.slice(0, 2), [{ ...last, heads: "[]" }], KEY, NOW + 60_000, 90);
    if (again === undefined) throw new Error("The root names nothing");
    const before = sealedBy(ROOTS);
    expect(pagesOfPart(PAGES, [again], before)).toEqual([]);
    const part = sealedPart(
      { stage: "test", roots: [again], pages: [], entries: [], before, kept_since: undefined },
      KEY,
    );
    expect((await verified(...PARTS, part)).finding).toBeUndefined();
    expect((await verified(part)).finding).toBeUndefined();
  });
});

describe("as many roots make a part", () => {
  const root = (n: number, to: number) => ({
    ...(ROOTS[0] as AuditRootRow),
    n,
    heads: JSON.stringify([["a", to, "h"]]),
  });

  it("as have about 250 pages, and one at least", () => {
    const numbers = (roots: readonly AuditRootRow[]) => roots.map(({ n }) => n);
    const before = sealedBy([root(1, 10)]);
    expect(numbers(rootsOfPart([root(2, 110), root(3, 250), root(4, 270)], before))).toEqual([2, 3]);
    expect(numbers(rootsOfPart([root(2, 9_000), root(3, 9_001)], before))).toEqual([2]);
    expect(numbers(rootsOfPart([root(2, 11)], before))).toEqual([2]);
    expect(rootsOfPart([], before)).toEqual([]);
  });
});
