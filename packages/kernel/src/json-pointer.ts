/** The JSON Pointer to a place in a document (RFC 6901). The whole document is the empty string. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
