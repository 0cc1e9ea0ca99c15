const encoder = new TextEncoder();

/** The longest beginning of at most so many UTF-16 units, which is how texts are bounded. No character is cut in two: the plane takes no half. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
}

/** A text of at most so many UTF-16 units; where it was longer, it ends in `…`. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${cutText(text, most - 1)}…`;
}

/** The longest beginning of a text that takes at most so many bytes as JSON, its quotes not counted. No character is cut in two. */
export function cutToBytes(text: string, most: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += encoder.encode(JSON.stringify(character)).length - 2;
    if (bytes > most) break;
    end += character.length;
  }
  return text.slice(0, end);
}
