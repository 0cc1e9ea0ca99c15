import type { OpenApiDocument } from "@omoios/contracts/openapi";
import { webhookHeaders } from "@omoios/contracts/openapi/pushed";
import { type Markup, markup, prose } from "./markup.ts";
import { typeOf } from "./schema.ts";

/** What the plane sends by itself: its signed webhooks, and what comes over sockets. */
export function pushedSections(document: OpenApiDocument): Markup {
  return markup`<h2 id="webhooks">Webhooks</h2>
<p>What the plane sends, signed after Standard Webhooks.</p>
${Object.entries(document.webhooks).map(([name, { post }]) => webhook(name, post))}
<h2 id="sockets">Sockets</h2>
${document["x-sockets"].map(
  ({ name, summary, description, message }) => markup`<section class="route" id="socket-${name}">
<h3><code>${name}</code></h3>
<p>${prose(summary)}.</p>
<p>${prose(description)}</p>
<h4>Each message</h4>${typeOf(message)}
</section>`,
)}`;
}

function webhook(
  name: string,
  { summary, description, requestBody }: OpenApiDocument["webhooks"]["alerts"]["post"],
): Markup {
  const headers = Object.values(webhookHeaders).map(
    (header) => markup`<tr><td><code>${header.name}</code></td><td>${prose(header.description)}</td></tr>`,
  );
  return markup`<section class="route" id="webhook-${name}">
<h3><span class="method write">POST</span> <code>${name}</code></h3>
<p>${prose(summary)}.</p>
<p>${prose(description)}</p>
<h4>Headers</h4><table><tbody>${headers}</tbody></table>
<h4>Body</h4>${typeOf(requestBody.content["application/json"].schema)}
</section>`;
}
