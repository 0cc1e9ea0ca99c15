import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/**
 * SHA-256 in hexadecimal.
 * @param {Buffer | string} content
 */
export function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * One number for a set of files: the SHA-256 of their sorted paths and the SHA-256 of each one's content.
 * @param {{path: string, content: Buffer}[]} files
 * @returns {{sha256: string, files: string[]}}
 */
export function digestOf(files) {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const lines = sorted.map(({ path, content }) => `${sha256(content)}  ${path}\n`);
  return { sha256: sha256(lines.join("")), files: sorted.map(({ path }) => path) };
}

/**
 * The digest of all files below a folder; symbolic links below it are not followed.
 * @param {string} folder
 */
export function digestOfFolder(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return digestOf(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: path.slice(folder.length).split(sep).filter(Boolean).join("/"), content: readFileSync(path) };
    }),
  );
}
