import { jsonBytes } from "@omoios/contracts/shapes/size";

/** Bytes that one token is counted as. Models differ; four holds for English prose and code within a fifth. */
const BYTES_PER_TOKEN = 4;

/** Tokens that so many bytes are counted as. */
export function tokensOf(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** The bytes that a budget of tokens allows. */
export function bytesOf(tokens: number): number {
  return tokens * BYTES_PER_TOKEN;
}

/** What marks a text that goes on. */
const MARK = " […]";
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*(?=\s|$)|\n/g;

/**
 * The longest beginning of a text that ends with a sentence or a line, is marked as cut and takes at most so many bytes as JSON;
 * the text itself where it fits; `undefined` where not even one sentence does.
 */
export function cutToBytes(text: string, most: number): string | undefined {
  if (jsonBytes(text) <= most) return text;
  const ends = [...text.matchAll(SENTENCE_END)].map(({ index, 0: end }) => index + end.length);
  const beginning = (place: number) => text.slice(0, ends[place]).trimEnd();
  let fits = -1;
  let tooLong = ends.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (jsonBytes(beginning(middle) + MARK) <= most) fits = middle;
    else tooLong = middle;
  }
  const cut = fits === -1 ? "" : beginning(fits);
  return cut === "" ? undefined : cut + MARK;
}
