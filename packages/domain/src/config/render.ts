import { Document, Scalar, stringify, visit } from "yaml";

/** A value as YAML of our own style: block collections, texts of several lines as blocks, nothing folded. */
export function renderYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string" && node.value.includes("\n")) node.type = styleOfLongText(node.value);
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** A value on one line: `{ id: a, labels: [x, y] }`. */
export function renderFlow(value: unknown, style?: Scalar.Type): string {
  const document = new Document([value], { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node, path) => {
      if (style !== undefined && typeof node.value === "string" && path.length === 2) node.type = style;
    },
  });
  const text = document.toString({
    lineWidth: 0,
    collectionStyle: "flow",
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return text.trimEnd().slice(1, -1);
}

/** A single value in a block, in the quotes that stood there before where it can keep them. */
export function renderScalar(value: unknown, style?: Scalar.Type): string {
  const node = new Scalar(value);
  if (style !== undefined && typeof value === "string") node.type = style;
  return stringify(node, { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }).trimEnd();
}

/** A block drops blanks at a text's end, or keeps line ends that the place around it would have to know of; quotes are plainer then. */
const styleOfLongText = (text: string) =>
  /[ \t]\n|\r|\n\n$|[ \t]$|^\s/.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
