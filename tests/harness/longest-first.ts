import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files take longest, those first that keep the most processes at work. */
const FIRST = ["/tests/simulation/", "/tests/http/", "/tests/flows/", "/tests/clients/", "/tests/gamedays/", "/tests/"];

/**
 * Begins with the files that take long, where nothing is known of an earlier run too. Pure rules come last: they are short and fill
 * the time in which the others wait for a process, and at the end no worker is left with a long file while the others have none.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = FIRST.findIndex((folder) => moduleId.includes(folder));
  return place < 0 ? FIRST.length : place;
}
