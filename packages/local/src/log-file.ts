import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface LogFile {
  write(text: string | Uint8Array): void;
  close(): void;
}

/** A file that is appended to; at its limit it becomes `<path>.1` in place of the one before, and a new one begins. */
export function openLog(path: string, limitBytes = 20 * 1024 * 1024): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let file = openSync(path, "a", 0o600);
  let length = fstatSync(file).size;
  const rotate = () => {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, "a", 0o600);
    length = 0;
  };
  return {
    write: (text) => {
      const bytes = typeof text === "string" ? Buffer.from(text) : text;
      if (length > 0 && length + bytes.length > limitBytes) rotate();
      length += writeSync(file, bytes);
    },
    close: () => closeSync(file),
  };
}

/** Sends what this process writes on its standard output and error to the log. Gives what ends that. */
export function redirectOutput(log: LogFile): () => void {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      log.write(chunk);
      const callback = [encoding, done].find((each) => typeof each === "function");
      if (callback) queueMicrotask(() => callback());
      return true;
    };
  }
  return () => {
    for (const [place, stream] of streams.entries()) {
      const original = originals[place];
      if (original) stream.write = original;
    }
  };
}
