import { describe, expect, it } from "vitest";
import { markup, prose } from "./markup.ts";

describe("markup", () => {
  it("escapes text and keeps pieces", () => {
    const piece = markup`<b title="${'"'}">${"<&>'"}</b>`;
    expect(piece.html).toBe('<b title="&quot;">&lt;&amp;&gt;&#39;</b>');
    expect(markup`<i>${piece}${[piece, piece]}${3}</i>`.html).toBe(`<i>${piece.html.repeat(3)}3</i>`);
  });

  it("sets what stands between back-ticks as code", () => {
    expect(prose("a `b<` c").html).toBe("a <code>b&lt;</code> c");
  });
});
