/** The longest beginning of at most so many UTF-16 units, which is how texts are bounded. No character is cut in two: the plane takes no half. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
}

/** A text of at most so many UTF-16 units; where it was longer, it ends in `…`. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${cutText(text, most - 1)}…`;
}
