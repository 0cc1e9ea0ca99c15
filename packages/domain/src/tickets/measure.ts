/** What can be measured of a document. */
export const MEASURES = ["characters", "sections"] as const;
type Measure = (typeof MEASURES)[number];

/** Measures a document's text: its characters, or the list of its sections. */
export function measure(what: Measure, text: string): number | string[] {
  return what === "characters" ? characters(text) : sections(text);
}

/** Code points of the text without the blanks around it. */
function characters(text: string): number {
  return Array.from(text.trim()).length;
}

/** The headings of a Markdown text in snake_case, in order: `## 2. Acceptance criteria` is `acceptance_criteria`. */
export function sections(text: string): string[] {
  const found: string[] = [];
  let paragraph: string[] = [];
  for (const line of visibleLines(text)) {
    const underlined = SETEXT.test(line) && paragraph.length > 0 ? paragraph.join(" ") : undefined;
    const heading = hashHeading(line) ?? underlined;
    if (heading !== undefined) found.push(snakeCase(heading));
    const goesOn = heading === undefined && line.trim() !== "" && (paragraph.length > 0 || !INDENTED.test(line));
    if (goesOn && !BLOCK.test(line)) paragraph.push(line.trim());
    else paragraph = [];
  }
  return found.filter((name) => name !== "");
}

const SETEXT = /^ {0,3}(?:=+|-+)[ \t]*$/;
const INDENTED = /^(?: {4}|\t)/;
/** Lists and quotes: their text is never underlined into a heading by a line outside them. */
const BLOCK = /^ {0,3}(?:[-*+>]|\d{1,9}[.)])(?:\s|$)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** The text of `## Heading ##`. Two steps, since one pattern for both ends would try all blanks against each other. */
function hashHeading(line: string): string | undefined {
  const begin = /^ {0,3}#{1,6}(?=[ \t]|$)/.exec(line);
  return begin
    ? line
        .slice(begin[0].length)
        .trim()
        .replace(/(^|[ \t])#+$/, "")
    : undefined;
}

/** The lines outside fenced code and outside comments. A fence that is never closed runs to the end. */
function* visibleLines(text: string): Generator<string> {
  let fence: string | undefined;
  let comment = false;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const mark = FENCE.exec(line);
    if (comment) {
      comment = !line.includes("-->");
    } else if (fence !== undefined) {
      const closes = mark?.[1]?.startsWith(fence) && mark[2]?.trim() === "";
      if (closes) fence = undefined;
    } else if (mark && !(mark[1]?.startsWith("`") && mark[2]?.includes("`"))) {
      fence = mark[1];
      yield "";
    } else if (/^ {0,3}<!--/.test(line)) {
      comment = !line.includes("-->");
      yield "";
    } else {
      yield line;
    }
  }
}

function snakeCase(heading: string): string {
  return heading
    .replace(/^[\s*_]*\d+(?:\.\d+)*[.)]?\s+/, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}
