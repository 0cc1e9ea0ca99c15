import { isCollection, isMap, isNode, type Pair, type YAMLMap, type YAMLSeq } from "yaml";

/** A piece of a text to be replaced. Edits of one list do not overlap. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

/** The text after its edits. With `from` and `to` only that piece of it, and only the edits in it. */
export function applyEdits(text: string, edits: readonly Edit[], from = 0, to = text.length): string {
  let result = "";
  let done = from;
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    if (edit.from < from || edit.to > to) continue;
    result += text.slice(done, edit.from) + edit.text;
    done = edit.to;
  }
  return result + text.slice(done, to);
}

/** One entry of a block collection in the text, with the comment lines above it that belong to it. */
export interface Chunk {
  /** Where the entry itself begins: its key or its dash. */
  start: number;
  /** Behind the last character of its value. */
  contentEnd: number;
  from: number;
  to: number;
}

/** Where the entries of a block collection stand, without gaps between the first and the last. */
export function chunksOf(text: string, node: YAMLMap | YAMLSeq, column: number): Chunk[] {
  const chunks: Chunk[] = [];
  const begin = node.range?.[0] ?? 0;
  for (const [index, item] of node.items.entries()) {
    const start = index === 0 ? begin : entryStart(text, firstOffset(item), column);
    const previous = chunks.at(-1);
    const from = previous ? leadingComments(text, lineStart(text, start), previous.to + 1, column) : start;
    if (previous) previous.to = from - 1;
    const contentEnd = Math.max(start, trimmedEnd(text, lastOffset(item)));
    chunks.push({ start, contentEnd, from, to: lineEnd(text, contentEnd) });
  }
  return chunks;
}

/** The column at which an offset stands, counted from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function entryStart(text: string, offset: number, column: number): number {
  let line = lineStart(text, offset);
  while (line > 0 && text.slice(line, line + column).trim() !== "") line = lineStart(text, line - 1);
  // An entry's value may stand on a line below its dash, deeper than the dash.
  while (line > 0 && /^[\s#]$/.test(text[line + column] ?? " ")) line = lineStart(text, line - 1);
  return line + column;
}

function leadingComments(text: string, from: number, least: number, column: number): number {
  let first = from;
  while (first > least) {
    const above = lineStart(text, first - 1);
    const line = text.slice(above, first).trim();
    const belongs = line === "" || (line.startsWith("#") && text.slice(above).search(/\S/) <= column);
    if (!belongs) break;
    first = above;
  }
  return Math.max(first, least);
}

function firstOffset(item: unknown): number {
  const node = isNode(item) ? item : (item as Pair).key;
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}

function lastOffset(item: unknown): number {
  if (isCollection(item) && !item.flow && item.items.length > 0) return lastOffset(item.items.at(-1));
  if (isNode(item)) return item.range?.[1] ?? 0;
  const { key, value } = item as Pair;
  return Math.max(isNode(value) ? lastOffset(value) : 0, isMap(key) || !isNode(key) ? 0 : (key.range?.[1] ?? 0));
}

const lineStart = (text: string, offset: number) => (offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1);
const trimmedEnd = (text: string, offset: number) => text.slice(0, offset).trimEnd().length;

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}
