import { readFile, rename, writeFile } from "node:fs/promises";
import type { AgentIdentity } from "@omoios/sdk/assertion";
import * as z from "zod";

const shape = z.object({
  url: z.string(),
  agent_id: z.string(),
  audience: z.string(),
  private_key: z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), d: z.string() }),
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

/** Keeps an identity for the next start, readable by this user alone. */
export async function writeIdentity(path: string, url: string, identity: AgentIdentity): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ url, ...identity }, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
