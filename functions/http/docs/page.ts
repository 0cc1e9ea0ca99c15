import { type EventType, events } from "@omoios/contracts/events";
import { type MetricRow, metrics } from "@omoios/contracts/metrics";
import type { OpenApiDocument } from "@omoios/contracts/openapi";
import { type ProblemCode, problems } from "@omoios/contracts/problems";
import { problemAnchor } from "../problem-document.ts";
import { type Markup, markup, prose } from "./markup.ts";
import { pushedSections } from "./pushed.ts";
import { routeLinks, routeSections } from "./routes.ts";
import { type Schema, typeOf } from "./schema.ts";
import { STYLE } from "./style.ts";

/** The API as one page to read: routes, schemas, problems and events. It loads nothing and runs nothing. */
export function docsPage(document: OpenApiDocument): string {
  const schemas = Object.entries(document.components.schemas ?? {}) as [string, Schema][];
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title} API</title>
${{ html: `<style>${STYLE}</style>` }}
</head>
<body><div class="frame">
<nav aria-label="Contents">
${document.tags.map(({ name }) => markup`<h2>${name}</h2><ul>${routeLinks(name)}</ul>`)}
<h2>reference</h2>
<ul><li><a href="#webhooks">Webhooks</a></li><li><a href="#sockets">Sockets</a></li><li><a href="#problems">Problems</a></li><li><a href="#events">Events</a></li><li><a href="#metrics">Metrics</a></li><li><a href="#schemas">Schemas</a></li></ul>
</nav>
<main>
<h1>${document.info.title} API</h1>
<p>${prose(document.info.description)}</p>
<p>Keys and tokens are sent as <code>Authorization: Bearer …</code>. Fields are snake_case, times RFC 3339 in UTC, lists paged by
<code>limit</code> and <code>cursor</code>. The same as a machine reads it: <a href="/openapi.json">/openapi.json</a>.</p>
${document.tags.map(
  ({ name, description }) =>
    markup`<h2 id="tag-${name}">${name}</h2><p>${description}.</p>${routeSections(document, name)}`,
)}
${pushedSections(document)}
${problemTable()}
${eventTable()}
${metricTable()}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => markup`<section class="schema" id="schema-${name}"><h3>${name}</h3>${typeOf(schema)}</section>`)}
</main>
</div></body>
</html>
`.html;
}

function problemTable(): Markup {
  const rows = (Object.keys(problems) as ProblemCode[]).sort().map((code) => {
    const { status, title, remedy, retry } = problems[code];
    const again = retry === "later" ? "yes" : "no";
    return markup`<tr id="${problemAnchor(code)}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${prose(remedy)}</td><td>${again}</td></tr>`;
  });
  return markup`<h2 id="problems">Problems</h2>
<p>Refusals are <code>application/problem+json</code> (RFC 9457). <code>code</code> is stable; <code>errors</code> names each fault of the input by a JSON Pointer into the body, or by the name of a parameter.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>What happened</th><th>What to do</th><th>Can the same call succeed later?</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function eventTable(): Markup {
  const rows = (Object.keys(events) as EventType[]).map((type) => {
    const { subject, data } = events[type];
    const members = Object.keys(data().shape).map((name) => markup`<code>${name}</code> `);
    return markup`<tr><td><code>${type}</code></td><td>${subject}</td><td>${members}</td></tr>`;
  });
  return markup`<h2 id="events">Events</h2>
<p>What the log at <code>/api/v1/events</code> and the bus carry, in an <a href="#schema-Envelope">envelope</a>. Readers tolerate types and members that they do not know.</p>
<table><thead><tr><th>Type</th><th>Subject</th><th>Members of <code>data</code></th></tr></thead><tbody>${rows}</tbody></table>`;
}

function metricTable(): Markup {
  const all: [string, MetricRow][] = Object.entries(metrics);
  const rows = all.map(([name, { kind, labels, meaning }]) => {
    const members = labels.map((label) => markup`<code>${label}</code> `);
    return markup`<tr><td><code>${name}</code></td><td>${kind}</td><td>${members}</td><td>${prose(meaning)}</td></tr>`;
  });
  return markup`<h2 id="metrics">Metrics</h2>
<p>What alert rules may name, also at <code>/api/v1/monitor/catalogue</code>. A rule on a counter judges its increase over five minutes.</p>
<table><thead><tr><th>Metric</th><th>Kind</th><th>Labels</th><th>Meaning</th></tr></thead><tbody>${rows}</tbody></table>`;
}
