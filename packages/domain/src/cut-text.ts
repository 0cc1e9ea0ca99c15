const encoder = new TextEncoder();

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
