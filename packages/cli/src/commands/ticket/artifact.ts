import { writeFile } from "node:fs/promises";
import type { Artifact } from "@omoios/contracts/views/artifact";
import { command } from "../../command.ts";
import { firstItems } from "../../lists.ts";
import { fields } from "../../output/fields.ts";
import { clockTime } from "../../output/times.ts";
import { given, wholeNumber } from "../../parse-option.ts";
import { WrongUse } from "../../wrong-use.ts";

interface Options {
  revision?: number;
  revisions?: boolean;
  out?: string;
  limit: number;
}

export const ticketArtifact = command<[ticket_id: string, artifact_id: string], Options>({
  usage: "artifact <ticket_id> <artifact_id>",
  about: "show an artifact with its content, or list its earlier revisions",
  options: (made) =>
    made
      .option("--revision <number>", "an earlier one than the newest", wholeNumber)
      .option("--out <file>", "write the content, as it was handed in, into a file")
      .option("--revisions", "list the earlier revisions, the latest first")
      .option("--limit <number>", "how many revisions at most", wholeNumber, 100),
  async run(cli, [ticket_id, artifact_id], { revision, revisions, out, limit }) {
    const client = await cli.client();
    const params = { ticket_id, artifact_id };
    if (revisions) {
      const page = await firstItems(client, "listArtifactRevisions", { params }, limit);
      cli.showList(page, { limit }, () =>
        cli.table(
          page.items,
          [
            { head: "REV", value: (row) => String(row.revision), right: true },
            { head: "AT", value: (row) => clockTime(row.created_at) },
            { head: "PHASE", value: (row) => `${row.phase_id} #${row.visit}` },
            { head: "BY", value: (row) => row.created_by, cut: true },
            { head: "CHARACTERS", value: (row) => String(row.content_characters ?? ""), right: true },
            { head: "METADATA", value: (row) => JSON.stringify(row.metadata), cut: true },
          ],
          "no earlier revisions",
        ),
      );
      return;
    }
    const artifact = await client.getTicketArtifact({ params, query: given({ revision }) });
    if (out === undefined) {
      cli.show(artifact, () => artifactText(artifact));
      return;
    }
    const bytes = await writeContent(artifact, out);
    cli.show({ file: out, bytes, revision: artifact.revision }, () => `${bytes} bytes are in ${out}\n`);
  },
});

async function writeContent({ artifact_id, content, path, url }: Artifact, out: string): Promise<number> {
  if (content === null) throw new Error(`${artifact_id} was handed in without content: it lies at ${url ?? path}`);
  await writeFile(out, content).catch(({ message }: Error) => {
    throw new WrongUse(`cannot write ${out}: ${message}`);
  });
  return Buffer.byteLength(content);
}

function artifactText(artifact: Artifact): string {
  const head = fields([
    ["artifact", artifact.artifact_id],
    ["type", artifact.type],
    ["revision", artifact.revision],
    ["path", artifact.path],
    ["url", artifact.url],
    ["phase", `${artifact.phase_id}, visit ${artifact.visit}`],
    ["task", artifact.task_id],
    ["handed in", `${clockTime(artifact.created_at)} by ${artifact.created_by}`],
    ["metadata", JSON.stringify(artifact.metadata)],
  ]);
  const { content } = artifact;
  return content === null ? head : `${head}\n${content}${content.endsWith("\n") ? "" : "\n"}`;
}
