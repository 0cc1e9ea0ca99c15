import { statusPaint } from "./colours.ts";

/** What a terminal obeys instead of showing it: C0, C1 and DEL, and what turns the direction of reading. Tabs and line ends may stand. */
const OBEYED = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const PAINTED_OR_OBEYED = new RegExp(`\\p{Cc}\\[\\d+m(\\w+)\\p{Cc}\\[0m|${OBEYED.source}`, "gu");

const painted = statusPaint(true);

/** Other people's text, with everything that a terminal obeys written out as `\u001b`. */
const visible = (text: string): string => text.replaceAll("\r\n", "\n").replace(OBEYED, writtenOut);

/** The same for text in which statuses have been painted: the paint stays. */
export const visibleButPainted = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replace(PAINTED_OR_OBEYED, (match, word?: string) =>
      word !== undefined && painted(word) === match ? match : visible(match),
    );

/** Other people's text as one line. */
export const oneLine = (text: string): string => visible(text.replace(/\s+/g, " ").trim());

function writtenOut(text: string): string {
  return `\\u${(text.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
