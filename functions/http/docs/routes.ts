import type { OpenApiDocument } from "@omoios/contracts/openapi";
import { problemsOf } from "@omoios/contracts/route-problems";
import { type RouteName, routeRows } from "@omoios/contracts/routes";
import { BASE_PATH, bodyLimit, type Route } from "@omoios/contracts/routes/route";
import { problemAnchor } from "../problem-document.ts";
import { type Markup, markup, prose } from "./markup.ts";
import { defaultOf, type Schema, typeOf } from "./schema.ts";

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface Content {
  content: Record<string, { schema: Schema }>;
}

/** Every route of one tag, with what it takes, answers and refuses. */
export function routeSections(document: OpenApiDocument, tag: string): Markup[] {
  return routeRows.filter(([, row]) => row.tag === tag).map(([name, row]) => section(document, name, row));
}

/** The routes of one tag as links. */
export function routeLinks(tag: string): Markup[] {
  return routeRows
    .filter(([, row]) => row.tag === tag)
    .map(([name, row]) => markup`<li><a href="#route-${name}">${methodOf(row)} ${row.path}</a></li>`);
}

function section(document: OpenApiDocument, name: RouteName, row: Route): Markup {
  const operation = document.paths[row.path]?.[row.method.toLowerCase()] ?? {};
  const body = operation.requestBody as Content | undefined;
  const responses = operation.responses as Record<string, Content>;
  const reply = responses[row.status]?.content["application/json"]?.schema ?? {};
  return markup`<section class="route" id="route-${name}">
<h3>${methodOf(row)} <code>${BASE_PATH}${row.path}</code></h3>
<p>${prose(row.summary)}.</p>
<p class="soft">${callersOf(row)}${traitsOf(row)}</p>
${parametersTable(operation.parameters as (Parameter | { $ref: string })[])}
${body ? markup`<h4>Body, at most ${bodyLimit(row)}</h4>${typeOf(body.content["application/json"]?.schema ?? {})}` : markup``}
<h4>Answer: ${row.status}</h4>${typeOf(reply)}
<h4>Problems</h4><p>${problemLinks(row)}</p>
</section>`;
}

const methodOf = (row: Route): Markup =>
  markup`<span class="method ${row.method === "GET" ? "get" : "write"}">${row.method}</span>`;

function callersOf(row: Route): Markup {
  if (row.who.length === 0) return markup`Needs no key.`;
  const scope = row.scope ? markup` with scope <code>${row.scope}</code>` : markup``;
  const callers = row.who.map((kind) => {
    if (kind === "operator") return markup`operator key${scope}`;
    return kind === "agent" ? markup`agent token` : markup`registration key`;
  });
  return markup`For: ${callers.flatMap((caller, at) => (at > 0 ? [markup`, `, caller] : [caller]))}.`;
}

function traitsOf(row: Route): Markup {
  const traits = [
    row.idempotent ? " Takes Idempotency-Key." : "",
    row.etag ? (row.method === "GET" ? " Answers an ETag." : " Takes If-Match.") : "",
    row.secret ? " The answer holds a secret and is never repeated." : "",
  ];
  return markup`${traits.join("")}`;
}

function parametersTable(parameters: readonly (Parameter | { $ref: string })[]): Markup {
  const own = parameters.filter((parameter): parameter is Parameter => "name" in parameter);
  if (own.length === 0) return markup``;
  const rows = own.map(
    ({ name, in: place, schema }) =>
      markup`<tr><td><code>${name}</code></td><td>${place}</td><td>${typeOf(schema)}${defaultOf(schema)}</td></tr>`,
  );
  return markup`<h4>Parameters</h4><table><tbody>${rows}</tbody></table>`;
}

function problemLinks(row: Route): Markup {
  return markup`${problemsOf(row).map((code) => markup`<a href="#${problemAnchor(code)}"><code>${code}</code></a> `)}`;
}
