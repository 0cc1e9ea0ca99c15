/** A word of so many letters that another begins with is its abbreviation. */
const SHORTEST_ABBREVIATION = 3;

/**
 * The candidate nearest to a word that was probably meant, by edit distance without regard to case, or the one that it abbreviates;
 * `undefined` where none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const named = [...candidates];
  return nearestByEdits(word, named) ?? abbreviated(word, named);
}

/** The one candidate that begins with the word: of two, neither is meant more. */
function abbreviated(word: string, candidates: readonly string[]): string | undefined {
  if (word.length < SHORTEST_ABBREVIATION) return undefined;
  const [name, ...others] = candidates.filter((one) => one.toLowerCase().startsWith(word.toLowerCase()));
  return others.length === 0 ? name : undefined;
}

function nearestByEdits(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of candidates) {
    if (Math.abs(name.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** " Did you mean `x`?" to end a message with, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const name = nearest(word, candidates);
  return name === undefined ? "" : ` Did you mean \`${name}\`?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1;
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + differs);
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY;
