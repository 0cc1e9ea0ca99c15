/** A list in pieces of so many, in its order; the last one may be shorter. */
export const piecesOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

/** As `piecesOf`, with a bound on the sum of the items' sizes too. An item that is larger alone is a piece by itself. */
export function sizedPiecesOf<T>(
  items: readonly T[],
  most: { items: number; size: number },
  sizeOf: (item: T) => number,
): T[][] {
  const pieces: T[][] = [];
  let filled = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const piece = pieces.at(-1);
    const fits = piece !== undefined && piece.length < most.items && filled + size <= most.size;
    if (fits) piece.push(item);
    else pieces.push([item]);
    filled = fits ? filled + size : size;
  }
  return pieces;
}
