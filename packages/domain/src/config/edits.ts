import { type Document, isMap, isNode, isScalar, isSeq, type Node, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { keyOf } from "./positions.ts";
import { renderFlow, renderScalar, renderYaml } from "./render.ts";
import { isRecord, same } from "./same.ts";
import { applyEdits, type Chunk, chunksOf, columnOf, type Edit } from "./splice.ts";

/** The edits that make a parsed text say `after` instead of `before`; `undefined` where it must be written anew. */
export function editsFor(document: Document.Parsed, text: string, before: unknown, after: unknown): Edit[] | undefined {
  return nodeEdits({ document, text }, document.contents, before, after);
}

interface Source {
  document: Document.Parsed;
  text: string;
}

function nodeEdits(source: Source, node: unknown, before: unknown, after: unknown, flow = false): Edit[] | undefined {
  if (same(before, after)) return [];
  if (isScalar(node)) return scalarEdits(node, after, flow);
  const fits = isMap(node) ? isRecord(after) : isSeq(node) && Array.isArray(after);
  if (!(isMap(node) || isSeq(node)) || !fits) return undefined;
  const entries = isMap(node) ? mapEntries(node, before, after) : seqEntries(source, node, before, after);
  if (node.flow || flow) return flowEdits(source, node, entries, after);
  return node.items.length === 0 || entries.length === 0 ? undefined : blockEdits(source, node, entries);
}

function scalarEdits(node: Scalar, after: unknown, flow: boolean): Edit[] | undefined {
  const block = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  if (block || !node.range || typeof after === "object") return undefined;
  const [from, to] = node.range;
  // A text of several lines is a block of its own, which its parent has to place. An empty value has no place of its own.
  if (from === to || (typeof after === "string" && after.includes("\n"))) return undefined;
  const style = node.type as Scalar.Type | undefined;
  return [{ from, to, text: flow ? renderFlow(after, style) : renderScalar(after, style) }];
}

/** One entry of the collection as it shall be: an old one (`index`) that stays or changes, or a new one. */
interface Entry {
  index?: number;
  value: Node | null;
  before: unknown;
  after: unknown;
  /** The entry written anew, as a collection of one. */
  whole: unknown;
}

function mapEntries(node: YAMLMap, before: unknown, after: unknown): Entry[] {
  const old = isRecord(before) ? before : {};
  const next = isRecord(after) ? after : {};
  const kept: Entry[] = [];
  const keys = new Set<string>();
  for (const [index, pair] of node.items.entries()) {
    const key = keyOf(pair);
    keys.add(key);
    if (next[key] === undefined) continue;
    const value = isNode(pair.value) ? pair.value : null;
    kept.push({ index, value, before: old[key], after: next[key], whole: { [key]: next[key] } });
  }
  // A key that only a default holds is not written.
  const added = Object.keys(next).filter((key) => !keys.has(key) && !same(old[key], next[key]));
  return [
    ...kept,
    ...added.map((key) => ({ value: null, before: undefined, after: next[key], whole: { [key]: next[key] } })),
  ];
}

function seqEntries(source: Source, node: YAMLSeq, before: unknown, after: unknown): Entry[] {
  const raw: unknown[] = node.toJS(source.document);
  const old = raw.map((item, index) => {
    const stored: unknown = Array.isArray(before) && before.length === raw.length ? before[index] : item;
    return isRecord(item) && isRecord(stored) ? stored : item;
  });
  const free = new Set(old.keys());
  const next: unknown[] = Array.isArray(after) ? after : [];
  const matched = next.map((item) => {
    const index = [...free].find((candidate) => identity(old[candidate]) === identity(item));
    if (index !== undefined) free.delete(index);
    return index;
  });
  return next.map((item, place) => {
    // An entry without a name that changed is the one that stood at its place.
    const index = matched[place] ?? (free.has(place) && next.length === old.length ? place : undefined);
    if (index === undefined) return { value: null, before: undefined, after: item, whole: [item] };
    const value = node.items[index];
    return { index, value: isNode(value) ? value : null, before: old[index], after: item, whole: [item] };
  });
}

/** What makes an entry of a list the same one after a change. */
function identity(item: unknown): string {
  const name = isRecord(item) ? (item.id ?? item.key ?? item.name ?? item.type) : undefined;
  return typeof name === "string" ? name : JSON.stringify(item);
}

function flowEdits(source: Source, node: YAMLMap | YAMLSeq, entries: Entry[], after: unknown): Edit[] | undefined {
  const inner = entries.map(({ value, before, after: next }) => nodeEdits(source, value, before, next, true));
  const inPlace = entries.length === node.items.length && entries.every(({ index }, place) => index === place);
  if (inPlace && inner.every((edits) => edits !== undefined)) return inner.flat();
  return node.range ? [{ from: node.range[0], to: node.range[1], text: renderFlow(after) }] : undefined;
}

function blockEdits(source: Source, node: YAMLMap | YAMLSeq, entries: Entry[]): Edit[] {
  const column = columnOf(source.text, node.range?.[0] ?? 0);
  const indent = " ".repeat(column);
  const chunks = chunksOf(source.text, node, column);
  const inner = entries.flatMap((entry) => entryEdits(source, entry, chunks, indent));
  const inPlace = entries.length === chunks.length && entries.every(({ index }, place) => index === place);
  if (inPlace) return inner;
  const pieces = entries.map((entry) => {
    const chunk = entry.index === undefined ? undefined : chunks[entry.index];
    if (chunk === undefined) return indent + rendered(entry, indent);
    const piece = applyEdits(source.text, inner, chunk.from, chunk.to).replace(/\r$/, "");
    return entry.index === 0 ? indent + piece : piece;
  });
  const first = chunks[0]?.from ?? 0;
  return [{ from: first, to: chunks.at(-1)?.to ?? first, text: pieces.join(lineBreak(source)).trimStart() }];
}

function entryEdits(source: Source, entry: Entry, chunks: readonly Chunk[], indent: string): Edit[] {
  const chunk = entry.index === undefined ? undefined : chunks[entry.index];
  if (chunk === undefined) return [];
  const edits = nodeEdits(source, entry.value, entry.before, entry.after);
  return edits ?? [{ from: chunk.start, to: chunk.contentEnd, text: rendered(entry, indent) }];
}

const rendered = (entry: Entry, indent: string) =>
  renderYaml(entry.whole)
    .trimEnd()
    .replace(/\n(?=.)/g, `\n${indent}`);
const lineBreak = ({ text }: Source) => (text.includes("\r\n") ? "\r\n" : "\n");
