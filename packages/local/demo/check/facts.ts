import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { testInstalled } from "../measure/bundle-tests.mjs";
import { measureChange } from "../measure/coverage.mjs";
import { digestOfFolder } from "../measure/digest.mjs";
import { changesOf, fileAt, git } from "../measure/git.mjs";
import { describeBundle, packCommit } from "../measure/pack.mjs";

/** A document of a ticket as main has it. */
export interface DocumentFact {
  path: string;
  content: string | undefined;
  /** The commit that wrote it last. */
  commit: string;
}

/** What the checker found out about a ticket by itself. */
export interface TicketFacts {
  requirements: DocumentFact;
  design: DocumentFact;
  handoff: DocumentFact;
  measurement: Awaited<ReturnType<typeof measureChange>>;
  /** Changes that were handed in without being good enough, measured again. */
  unmerged: { commit: string; coverage_percent: number }[];
  bundle: { path: string; found: ReturnType<typeof describeBundle>; packed: ReturnType<typeof describeBundle> };
  kinds: Awaited<ReturnType<typeof testInstalled>>;
  /** The end-to-end tests of the commit, which the deployment runs. */
  release: { path: string; sha256: string; files: number };
}

/** Recomputes a ticket from the repository, the bundle and the deployed folder. Throws where one of them is missing. */
export async function findTicketFacts(root: string, ref: string, scratch: string): Promise<TicketFacts> {
  const repository = join(root, "library.git");
  const commit = (await changesOf(repository, "main", ref)).at(-1)?.commit;
  if (commit === undefined) throw new Error(`main has no change of ${ref}`);
  const path = bundlePath(root, ref);
  const bundle = readFileSync(join(root, path));
  const packed = await packCommit(repository, commit, join(scratch, "pack"));
  const release = `deploy/releases/${commit.slice(0, 12)}`;
  if (!existsSync(join(root, release))) throw new Error(`${release}, the release of ${ref}, is missing`);
  const deployed = digestOfFolder(join(root, release));
  return {
    requirements: await findDocument(repository, `docs/requirements/${ref}.md`),
    design: await findDocument(repository, `docs/design/${ref}.md`),
    handoff: await findDocument(repository, `docs/handoff/${ref}.md`),
    measurement: await measureChange(repository, commit, ref, join(scratch, "measured")),
    unmerged: await measureUnmerged(repository, ref, scratch),
    bundle: { path, found: describeBundle(bundle), packed: describeBundle(packed.bundle) },
    kinds: await testInstalled({ repository, commit, bundle, scratch: join(scratch, "installed") }),
    release: { path: release, sha256: deployed.sha256, files: deployed.files.length },
  };
}

/** What `deploy/current` holds, and what main would hold if it were packed now. */
export async function findBuilt(root: string, scratch: string): Promise<{ deployed: string; packed: string }> {
  const current = join(root, "deploy/current");
  if (!existsSync(current)) throw new Error("deploy/current is missing");
  const { bundle } = await packCommit(join(root, "library.git"), "main", join(scratch, "pack"));
  return { deployed: digestOfFolder(realpathSync(current)).sha256, packed: describeBundle(bundle).content_sha256 };
}

async function findDocument(repository: string, path: string): Promise<DocumentFact> {
  const content = await fileAt(repository, "main", path);
  return { path, content, commit: await git(repository, "log", "-1", "--format=%H", "main", "--", path) };
}

async function measureUnmerged(repository: string, ref: string, scratch: string) {
  const tags = (await git(repository, "tag", "--list", `unmerged/${ref}/*`)).split("\n").filter(Boolean);
  const measured: TicketFacts["unmerged"] = [];
  for (const tag of tags) {
    const commit = await git(repository, "rev-parse", `${tag}^{commit}`);
    const { coverage_percent } = await measureChange(repository, commit, ref, join(scratch, "measured"));
    measured.push({ commit, coverage_percent });
  }
  return measured;
}

function bundlePath(root: string, ref: string): string {
  const name = readdirSync(join(root, "bundles", ref)).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error(`bundles/${ref} holds no package`);
  return `bundles/${ref}/${name}`;
}
