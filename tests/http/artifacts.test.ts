import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paginate } from "@omoios/sdk/paginate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";

const dir = mkdtempSync(join(tmpdir(), "omoi-artifacts-test-"));
let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { timeless: true });
});
afterAll(async () => {
  await plane.stop();
  rmSync(dir, { recursive: true });
});

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });
const codeOf = (call: Promise<unknown>) => call.then(() => "taken").catch((failure: { code: string }) => failure.code);

/** A ticket with one document in three revisions, and another artifact without content. */
async function ticketWithArtifacts() {
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Read quoted fields", start: true } });
  const params = { ticket_id };
  const hand = async (content: string) =>
    (
      await plane.operator.addTicketArtifacts({
        params,
        body: { artifacts: [{ type: "notes", path: "notes.md", content, metadata: { length: content.length } }] },
      })
    ).artifacts[0];
  await hand("One");
  await hand("One, two");
  const notes = await hand("# One, two, three\n");
  const { artifacts } = await plane.operator.addTicketArtifacts({
    params,
    body: { artifacts: [{ type: "notes", url: "https://example.com/notes" }] },
  });
  return { ticket_id, notes: notes?.artifact_id ?? "", elsewhere: artifacts[0]?.artifact_id ?? "" };
}

it("an artifact is read by its id, newest or in an earlier revision, and its revisions are listed page by page", async () => {
  const { ticket_id, notes } = await ticketWithArtifacts();
  const params = { ticket_id, artifact_id: notes };
  expect(await plane.operator.getTicketArtifact({ params })).toMatchObject({
    artifact_id: notes,
    revision: 3,
    content: "# One, two, three\n",
    path: "notes.md",
  });
  for (const [revision, content] of [
    [1, "One"],
    [2, "One, two"],
    [3, "# One, two, three\n"],
  ] as const)
    expect(await plane.operator.getTicketArtifact({ params, query: { revision } })).toMatchObject({
      revision,
      content,
    });

  const page = await plane.operator.listArtifactRevisions({ params, query: { limit: 1 } });
  expect(page.items).toEqual([
    expect.objectContaining({ revision: 2, content_characters: 8, metadata: { length: 8 } }),
  ]);
  expect(page.items[0]).not.toHaveProperty("content");
  const all: number[] = [];
  for await (const { revision } of paginate(plane.operator, "listArtifactRevisions", { params, query: { limit: 1 } }))
    all.push(revision);
  expect(all).toEqual([2, 1]);
});

it("what the ticket does not have is a 404: another ticket's artifact, a revision that never was", async () => {
  const { ticket_id, notes } = await ticketWithArtifacts();
  const other = await plane.operator.createTicket({ body: { title: "Another" } });
  const get = (params: { ticket_id: string; artifact_id: string }, revision?: number) =>
    codeOf(plane.operator.getTicketArtifact({ params, query: revision === undefined ? {} : { revision } }));
  expect(await get({ ticket_id: other.ticket_id, artifact_id: notes })).toBe("artifact.not_found");
  expect(await get({ ticket_id, artifact_id: notes }, 4)).toBe("artifact.not_found");
  expect(await get({ ticket_id, artifact_id: "notes" })).toBe("artifact.not_found");
  expect(await get({ ticket_id, artifact_id: notes }, 0)).toBe("request.invalid");
  expect(await get({ ticket_id: "ticket_00000000000000000000", artifact_id: notes })).toBe("ticket.not_found");
});

it("omoi shows an artifact, writes its content into a file, and lists its revisions", async () => {
  const { ticket_id, notes, elsewhere } = await ticketWithArtifacts();
  expect((await omoi("ticket", "artifacts", ticket_id)).out).toContain(notes);
  const shown = await omoi("ticket", "artifact", ticket_id, notes);
  expect(shown).toMatchObject({ exit: 0, out: expect.stringMatching(/revision +3\n(.*\n)*\n# One, two, three\n$/) });
  expect(
    JSON.parse((await omoi("ticket", "artifact", ticket_id, notes, "--revision", "2", "--json")).out),
  ).toMatchObject({ revision: 2, content: "One, two" });
  expect((await omoi("ticket", "artifact", ticket_id, notes, "--revisions")).out).toMatch(/^ *2 .*\n *1 /m);
  const more = await omoi("ticket", "artifact", ticket_id, notes, "--revisions", "--limit", "1");
  expect(more.err).toBe("there are more: --limit 2\n");

  const out = join(dir, "notes.md");
  expect((await omoi("ticket", "artifact", ticket_id, notes, "--out", out)).out).toBe(`18 bytes are in ${out}\n`);
  expect(readFileSync(out, "utf8")).toBe("# One, two, three\n");
  expect(await omoi("ticket", "artifact", ticket_id, elsewhere, "--out", out)).toMatchObject({
    exit: 1,
    err: expect.stringContaining("it lies at https://example.com/notes"),
  });
  expect(await omoi("ticket", "artifact", ticket_id, notes, "--out", join(dir, "no/such/folder"))).toMatchObject({
    exit: 2,
    err: expect.stringContaining("cannot write"),
  });
  expect(await omoi("ticket", "artifact", ticket_id, "notes")).toMatchObject({
    exit: 1,
    err: expect.stringContaining("The ticket has no such artifact"),
  });
});
