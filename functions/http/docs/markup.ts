/** HTML that is safe to put into a page as it is. */
export interface Markup {
  readonly html: string;
}

type Part = string | number | Markup | readonly Markup[];

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A piece of HTML with text put into it. Text is escaped; other pieces stay as they are. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return { html: strings.reduce((html, text, at) => html + render(parts[at - 1] ?? "") + text) };
}

function render(part: Part): string {
  if (typeof part === "string" || typeof part === "number") {
    return String(part).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
  }
  return "html" in part ? part.html : part.map((piece) => piece.html).join("");
}

/** Text in which words between back-ticks are set as code. */
export function prose(text: string): Markup {
  const pieces = text.split("`").map((piece, at) => (at % 2 === 1 ? markup`<code>${piece}</code>` : markup`${piece}`));
  return markup`${pieces}`;
}
