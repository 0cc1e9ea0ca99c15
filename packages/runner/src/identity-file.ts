import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import type { AgentIdentity } from "@omoios/sdk/assertion";
import * as z from "zod";

const privateKey = z.looseObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
});
const shape = z.object({
  url: z.string(),
  agent_id: z.string(),
  audience: z.string(),
  private_key: privateKey,
  next_key: privateKey.optional(),
});

/** The file that was named cannot keep an identity, or holds something else. The message is one line and names the remedy. */
export class IdentityFileError extends Error {
  override readonly name = "IdentityFileError";
}

/** The identity kept in the file for that plane. `undefined` where there is no file, or it is another plane's. Throws `IdentityFileError` for what is no such file. */
export async function readIdentity(path: string, url: string): Promise<AgentIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new IdentityFileError(`${path} cannot be read (${code}): name another file`);
  }
  const parsed = shape.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new IdentityFileError(`${path} holds no agent's identity: name another file, or remove it`);
  }
  const { url: owner, ...identity } = parsed.data;
  return owner === url ? identity : undefined;
}

/** That an identity can be kept under that path, for who is about to register one. Throws `IdentityFileError` where it cannot. */
export async function expectKeepable(path: string): Promise<void> {
  try {
    const draft = await openDraft(path);
    await draft.file.close();
    await rm(draft.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new IdentityFileError(`${path} cannot be written (${code}): name a file in a folder that you may write to`);
  }
}

/** Keeps an identity for the next start, readable by this user alone. It is on the disk, whole, before the one before is gone. */
export async function writeIdentity(path: string, url: string, identity: AgentIdentity): Promise<void> {
  const { file, path: draft } = await openDraft(path);
  try {
    await file.writeFile(`${JSON.stringify({ url, ...identity }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function openDraft(path: string): Promise<{ file: FileHandle; path: string }> {
  const draft = `${path}.${process.pid}`;
  await rm(draft, { force: true });
  return { file: await open(draft, "wx", 0o600), path: draft };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
