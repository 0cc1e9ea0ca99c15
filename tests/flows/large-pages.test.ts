import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";

/** What Lambda answers with at most. */
const MOST_BYTES = 6 * 1024 * 1024;
/** As long as a description may be, in characters of three bytes each. */
const LONG = "界".repeat(50_000);

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { timeless: true });
});
afterAll(() => plane.stop());

interface Page {
  items: Record<string, unknown>[];
  next_cursor: string | null;
}

/** The pages of a list as they are answered to whoever asks for as much as may be asked for, and the bytes of each. */
async function pagesOf(path: string): Promise<{ page: Page; bytes: number }[]> {
  const pages: { page: Page; bytes: number }[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "limit=100" : `limit=100&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`${plane.url}/api/v1${path}?${query}`, {
      headers: { authorization: `Bearer ${plane.operator_key}` },
    });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    const page = JSON.parse(text) as Page;
    pages.push({ page, bytes: Buffer.byteLength(text) });
    cursor = page.next_cursor;
  }
  return pages;
}

async function expectWhole(path: string, key: string, expected: readonly string[]): Promise<void> {
  const pages = await pagesOf(path);
  expect(pages.flatMap(({ page }) => page.items.map((item) => item[key])).toSorted()).toEqual(expected.toSorted());
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.filter(({ bytes, page }) => bytes > MOST_BYTES || page.items.length === 0)).toEqual([]);
}

it("a list of tickets with long descriptions comes in as many pages as its bytes take", async () => {
  const made: string[] = [];
  for (let n = 0; n < 45; n++) {
    const { ticket_id } = await plane.operator.createTicket({ body: { title: `Ticket ${n}`, description: LONG } });
    made.push(ticket_id);
  }
  await expectWhole("/tickets", "ticket_id", made);
});

it("so does a list of full artifacts", async () => {
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Much evidence" } });
  const made: string[] = [];
  for (let n = 0; n < 15; n++) {
    const artifacts = Array.from({ length: 4 }, (_, m) => ({
      type: "report",
      path: `${n}/${m}.txt`,
      content: '"'.repeat(100 * 1024),
    }));
    const reply = await plane.operator.addTicketArtifacts({ params: { ticket_id }, body: { artifacts } });
    made.push(...reply.artifacts.map(({ artifact_id }) => artifact_id));
  }
  await expectWhole(`/tickets/${ticket_id}/artifacts`, "artifact_id", made);
});
