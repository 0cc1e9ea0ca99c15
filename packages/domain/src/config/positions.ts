import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, type Scalar } from "yaml";

/** A path into a configuration value: keys of maps and indexes of lists. */
export type ConfigPath = readonly PropertyKey[];

/** A fault at a path. `at: "key"` points to the key itself, else to the value, or to the map that lacks it. */
export interface ConfigIssue {
  path: ConfigPath;
  message: string;
  at?: "key" | "value";
  /** The known key that an unknown one was probably meant to be. */
  meant?: string;
  /** Where in the text that stands at the path, in characters. */
  offset?: number;
}

/** The path as a reader writes it: `phases[2].gate.criteria[0]`. */
export function pathText(path: ConfigPath): string {
  return path
    .map((part, depth) => (typeof part === "number" ? `[${part}]` : `${depth === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** The offset in the text at which an issue stands: its node, or the nearest one above it. */
export function offsetOf(document: Document.Parsed, text: string, issue: ConfigIssue): number {
  const { path, at, offset: inside } = issue;
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    const step: Step | undefined = child(document, node, part);
    if (step === undefined) return offset;
    const pointsToKey = at === "key" && depth === path.length - 1;
    offset = (pointsToKey || isBare(step.value) ? step.keyOffset : step.value?.range?.[0]) ?? offset;
    node = step.value;
  }
  const scalar = isAlias(node) ? (node.resolve(document) ?? null) : node;
  return inside !== undefined && isScalar(scalar) ? offsetInside(scalar, text, inside) : offset;
}

/** A character of a scalar as it stands between quotes: an escape is one. */
const QUOTED = {
  QUOTE_SINGLE: /''|[^\n]/gy,
  QUOTE_DOUBLE: /\\x[^\n]{2}|\\u[^\n]{4}|\\U[^\n]{8}|\\[^\n]|[^\n]/gy,
} as const;

/** The offset of a scalar's nth character; its begin where the scalar is folded over lines. */
function offsetInside({ type, range }: Scalar, text: string, inside: number): number {
  const begin = range?.[0] ?? 0;
  const raw = text.slice(begin, range?.[1] ?? begin);
  if (raw.includes("\n")) return begin;
  if (type !== "QUOTE_SINGLE" && type !== "QUOTE_DOUBLE") return begin + inside;
  const characters = raw.slice(1, -1).match(QUOTED[type]) ?? [];
  return begin + 1 + characters.slice(0, inside).join("").length;
}

/** Whether the text at an offset stands within the node at a path. */
export function stands(document: Document.Parsed, path: ConfigPath, offset: number): boolean {
  let node: Node | null = document.contents;
  for (const part of path) node = child(document, node, part)?.value ?? null;
  const [begin, end] = node?.range ?? [0, 0];
  return begin <= offset && offset < end;
}

interface Step {
  keyOffset: number | undefined;
  value: Node | null;
}

function child(document: Document.Parsed, parent: Node | null, part: PropertyKey): Step | undefined {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isMap(node)) {
    const pair = node.items.find((candidate) => keyOf(candidate) === String(part));
    return pair && { keyOffset: isNode(pair.key) ? pair.key.range?.[0] : undefined, value: asNode(pair.value) };
  }
  if (!isSeq(node) || typeof part !== "number" || part >= node.items.length) return undefined;
  const value = asNode(node.items[part]);
  return { keyOffset: value?.range?.[0], value };
}

/** The key of a pair as text. */
export function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

/** A key without a value, whose own position would be somewhere behind the colon. */
const isBare = (node: Node | null) => node?.range?.[0] === node?.range?.[1];
const asNode = (value: unknown) => (isNode(value) ? value : null);
