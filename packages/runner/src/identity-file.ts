import { open, readFile, rename, rm } from "node:fs/promises";
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

/** The identity kept in the file for that plane. `undefined` where there is no file, or it is another plane's. Throws for a file of another kind. */
export async function readIdentity(path: string, url: string): Promise<AgentIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = shape.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`${path} holds no agent's identity: name another file, or remove it`);
  const { url: owner, ...identity } = parsed.data;
  return owner === url ? identity : undefined;
}

/** Keeps an identity for the next start, readable by this user alone. It is on the disk, whole, before the one before is gone. */
export async function writeIdentity(path: string, url: string, identity: AgentIdentity): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await rm(draft, { force: true });
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ url, ...identity }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
