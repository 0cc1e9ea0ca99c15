import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 200;
const CHUNK = 64 * 1024;

/** Lines of the log's files in the order of their writing: what was rotated away, then what is written now. */
export async function* linesOf(path: string, follow: boolean): AsyncGenerator<string> {
  const before = await openIfThere(`${path}.1`);
  if (before !== undefined) {
    yield* wholeLines(before, { rest: "" });
    await before.close();
  }
  for (let file = await openIfThere(path); file !== undefined; file = await openIfThere(path)) {
    const unfinished = { rest: "" };
    try {
      yield* wholeLines(file, unfinished);
      if (!follow) return;
      while (!(await wasRotated(path, file))) {
        await sleep(LOOK_EVERY_MS);
        yield* wholeLines(file, unfinished);
      }
      // What was written between the last look and the rotation.
      yield* wholeLines(file, unfinished);
    } finally {
      await file.close();
    }
  }
}

/** What the file has beyond its position, by lines; a line without its end waits for it. */
async function* wholeLines(file: FileHandle, unfinished: { rest: string }): AsyncGenerator<string> {
  const buffer = Buffer.alloc(CHUNK);
  const decoder = new TextDecoder();
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, null);
    if (bytesRead === 0) return;
    const lines = (unfinished.rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split("\n");
    unfinished.rest = lines.pop() ?? "";
    yield* lines;
  }
}

async function wasRotated(path: string, file: FileHandle): Promise<boolean> {
  const now = await openIfThere(path);
  if (now === undefined) return false;
  const [a, b] = await Promise.all([now.stat(), file.stat()]);
  await now.close();
  return a.ino !== b.ino;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
