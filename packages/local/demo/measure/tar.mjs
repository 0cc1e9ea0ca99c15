import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { gunzipSync } from "node:zlib";

const BLOCK = 512;
const FILE = new Set(["0", "\0"]);

/**
 * Reads the files of a tar archive (ustar, as git and npm write it), gzipped or not.
 * @param {Buffer} archive
 * @returns {{path: string, executable: boolean, content: Buffer}[]}
 * @throws {Error} where an entry's path leaves the archive
 */
export function readTar(archive) {
  const tar = archive[0] === 0x1f && archive[1] === 0x8b ? gunzipSync(archive) : archive;
  const files = [];
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(tar, at + 124, 12), 8);
    const prefix = text(tar, at + 345, 155);
    const path = prefix === "" ? text(tar, at, 100) : `${prefix}/${text(tar, at, 100)}`;
    if (FILE.has(String.fromCharCode(tar[at + 156] ?? 0))) {
      if (normalize(path).startsWith("..")) throw new Error(`the archive holds a path outside itself: ${path}`);
      const executable = (Number.parseInt(text(tar, at + 100, 8), 8) & 0o100) !== 0;
      files.push({ path, executable, content: tar.subarray(at + BLOCK, at + BLOCK + size) });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/**
 * Writes the files of an archive into a folder.
 * @param {Buffer} archive
 * @param {string} folder
 * @param {string} [strip] a leading part of the paths to leave out; npm puts all under `package/`
 */
export function extractTar(archive, folder, strip = "") {
  for (const { path, executable, content } of readTar(archive)) {
    const target = join(folder, path.startsWith(strip) ? path.slice(strip.length) : path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content, { mode: executable ? 0o755 : 0o644 });
  }
}

/**
 * @param {Buffer} tar
 * @param {number} start
 * @param {number} length
 */
function text(tar, start, length) {
  const field = tar.subarray(start, start + length);
  const end = field.indexOf(0);
  return field
    .subarray(0, end === -1 ? length : end)
    .toString()
    .trim();
}
