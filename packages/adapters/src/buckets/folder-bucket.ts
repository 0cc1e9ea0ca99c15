import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Bucket } from "@omoios/domain/audit/ports";

/** A folder in place of a bucket. Only its owner may read what is in it. */
export function folderBucket(folder: string): Bucket {
  return {
    async put(name, text) {
      const path = join(folder, name);
      const draft = `${path}.${process.pid}.new`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, path);
    },
  };
}
