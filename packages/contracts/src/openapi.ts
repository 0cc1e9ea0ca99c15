import { operationOf, requestHeaders } from "./openapi/operation.ts";
import {
  type DescribedSocket,
  type DescribedWebhooks,
  socketsOf,
  webhookHeaders,
  webhooksOf,
} from "./openapi/pushed.ts";
import { responseHeaders } from "./openapi/responses.ts";
import { schemaBook } from "./openapi/schema-book.ts";
import { BASE_PATH, type Route } from "./routes/route.ts";
import { routeRows } from "./routes.ts";

/** An OpenAPI 3.1 document, as far as its readers here need its shape. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Record<string, unknown>>>;
  /** What the plane sends by itself. */
  webhooks: DescribedWebhooks;
  "x-sockets": DescribedSocket[];
  components: Record<string, Record<string, unknown>>;
}

const TAGS: Record<Route["tag"], string> = {
  tickets: "Work that moves through phases, with its artifacts, gates and context",
  tasks: "Units of work that agents claim, prove and complete",
  agents: "Registration, heartbeats and tokens of agents",
  monitor: "What the plane measures",
  alerts: "Rules, the alerts that they raise, their decisions and deliveries, silences",
  watchdog: "Policies that repair, what they did, and the watch over the sweep",
  access: "Keys and who holds them",
  guardian: "Interventions: what was changed by force, by whom and why, and taking it back",
  plane: "The stage as a whole: events, pausing, health",
};

/** The OpenAPI 3.1 document of the HTTP API, made from the route table. It is slow and large: make it at build time. */
export function openApiDocument(): OpenApiDocument {
  const book = schemaBook();
  const paths: OpenApiDocument["paths"] = {};
  for (const [name, row] of routeRows) {
    paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(name, row, book) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "OmoiOS",
      version: BASE_PATH.slice(BASE_PATH.lastIndexOf("/") + 1),
      description:
        "Control plane for fleets of AI coding agents. Refusals are RFC 9457 problem documents; `code` is stable. Order of refusals: 401, 403, 404, 422, 409.",
    },
    servers: [{ url: BASE_PATH }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: webhooksOf(book),
    "x-sockets": socketsOf(book),
    components: {
      schemas: book.components,
      parameters: { ...requestHeaders, ...webhookHeaders },
      headers: responseHeaders,
      securitySchemes: {
        operator_key: {
          type: "http",
          scheme: "bearer",
          description: "A key of a person or service, with the scopes that an operation lists",
        },
        registration_key: { type: "http", scheme: "bearer", description: "A key that may only register agents" },
        agent_token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "An agent's access token; for its first heartbeat an assertion",
        },
      },
    },
  };
}
