import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sockets } from "./doors.ts";
import { openApiDocument } from "./openapi.ts";
import { problems } from "./problems.ts";
import { replies } from "./replies.ts";
import { problemsOf } from "./route-problems.ts";
import { routeRows } from "./routes.ts";
import { notification } from "./shapes/alert.ts";
import { taskAssigned } from "./views/pushed.ts";

const document = openApiDocument();

interface Operation {
  operationId: string;
  parameters: { $ref?: string; name?: string; in?: string }[];
  requestBody?: Contents;
  responses: Record<string, Contents>;
}

interface Contents {
  content: Record<string, { schema: Described }>;
}

/** As much of a JSON Schema as tells it from others. */
interface Described {
  $ref?: string;
  type?: string;
  properties?: object;
}

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.values(item).map((operation) => ({ path, operation: operation as unknown as Operation })),
);

/** The parts of a document that a schema holds to a pattern. */
function patterned(at: unknown): { pattern: string; description?: string }[] {
  if (typeof at !== "object" || at === null) return [];
  const inner = Object.values(at).flatMap(patterned);
  return "pattern" in at && typeof at.pattern === "string" ? [at as { pattern: string }, ...inner] : inner;
}

/** Every value under a key, at any depth. */
function under(key: string, at: unknown): unknown[] {
  if (typeof at !== "object" || at === null) return [];
  return Object.entries(at).flatMap(([name, value]) => [...(name === key ? [value] : []), ...under(key, value)]);
}

function resolve(ref: string): unknown {
  return ref
    .slice(2)
    .split("/")
    .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step.replaceAll("~1", "/")], document);
}

/** What a schema is, and what it has. */
function outline(schema: Described | undefined) {
  const { type, properties = {} } = schema?.$ref === undefined ? (schema ?? {}) : (resolve(schema.$ref) as Described);
  return { type, members: Object.keys(properties) };
}

const outlineOf = (shape: z.ZodType, io: "input" | "output") =>
  outline(z.toJSONSchema(shape, { io, unrepresentable: "any" }) as Described);

describe("openApiDocument", () => {
  it("says in words what every pattern of a body or a query stands for", () => {
    const bodies = operations.map(({ operation }) => operation.requestBody);
    const queries = operations.flatMap(({ operation }) => operation.parameters.filter((each) => each.in === "query"));
    const taken = patterned([bodies, queries, document.components.schemas]);
    expect(taken.length).toBeGreaterThan(20);
    expect(taken.filter(({ description }) => description === undefined)).toEqual([]);
  });

  it("has one operation for each row of the route table", () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      routeRows.map(([name]) => name).sort(),
    );
  });

  it("refers to nothing that is not there, and holds no component that nobody refers to", () => {
    const refs = new Set(under("$ref", document) as string[]);
    for (const ref of refs) expect([ref, resolve(ref)]).toEqual([ref, expect.anything()]);
    const components = Object.entries(document.components).filter(([kind]) => kind !== "securitySchemes");
    const names = components.flatMap(([kind, of]) => Object.keys(of).map((name) => `#/components/${kind}/${name}`));
    expect(names.filter((name) => !refs.has(name))).toEqual([]);
  });

  it("describes every parameter of every path", () => {
    for (const { path, operation } of operations) {
      const described = operation.parameters
        .filter((parameter) => parameter.in === "path")
        .map(({ name }) => `{${name}}`);
      expect(described).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it.each(routeRows)("%s has its body, its reply and every problem that it may answer", (name, row) => {
    const { operation } = operations.find((one) => one.operation.operationId === name) ?? {};
    const reply = operation?.responses[row.status]?.content[row.media_type ?? "application/json"]?.schema;
    expect(outline(reply)).toEqual(outlineOf(replies[name], "output"));
    const [sent, body] = [operation?.requestBody?.content["application/json"]?.schema, row.body?.()];
    expect(sent && outline(sent)).toEqual(body && outlineOf(body, "input"));
    for (const code of problemsOf(row)) {
      const content = operation?.responses[problems[code].status]?.content["application/problem+json"];
      expect(under("enum", content).flat()).toContain(code);
    }
  });

  it("describes what is sent before it is parsed, and what is answered after", () => {
    const schemas = document.components.schemas as Record<string, Record<string, unknown>>;
    expect(schemas.CreateTask).toMatchObject({
      type: "object",
      additionalProperties: false,
      required: ["ticket_id", "title"],
      properties: { ticket_id: { type: "string", pattern: "^ticket_" }, title: { maxLength: 200 } },
    });
    expect(schemas.Task).not.toHaveProperty("additionalProperties");
    expect(under("enum", schemas.Problem?.properties)).toContainEqual(Object.keys(problems));
  });

  it("tells what the plane sends by itself, and how a receiver knows that it is from the plane", () => {
    const told = Object.entries(document.webhooks).map(([name, { post }]) => {
      const { parameters, requestBody } = post;
      const headers = parameters.map(({ $ref }) => resolve($ref) as { name: string; in: string });
      expect(new Set(headers.map((header) => header.in))).toEqual(new Set(["header"]));
      return [name, headers.map((header) => header.name), outline(requestBody.content["application/json"].schema)];
    });
    const signed = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    expect(told).toEqual([
      ["task.assigned", signed, outlineOf(taskAssigned, "output")],
      ["alerts", signed, outlineOf(notification(), "output")],
    ]);
    expect(document["x-sockets"].map(({ name }) => name)).toEqual(sockets.map(({ name }) => name));
  });

  it("is JSON, and the same each time", () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(openApiDocument());
  });
});
