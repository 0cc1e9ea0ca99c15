import * as z from "zod";
import { envelope } from "../events.ts";
import { problemDocument } from "../problems.ts";
import { replies } from "../replies.ts";
import { type RouteName, routeRows } from "../routes.ts";
import * as access from "../shapes/access.ts";
import * as agent from "../shapes/agent.ts";
import * as artifact from "../shapes/artifact.ts";
import * as common from "../shapes/common.ts";
import * as newTask from "../shapes/new-task.ts";
import * as task from "../shapes/task.ts";
import * as taskActs from "../shapes/task-acts.ts";
import * as ticket from "../shapes/ticket.ts";
import * as accessViews from "../views/access.ts";
import * as agentViews from "../views/agent.ts";
import * as artifactViews from "../views/artifact.ts";
import * as taskViews from "../views/task.ts";
import * as taskActViews from "../views/task-acts.ts";
import * as ticketViews from "../views/ticket.ts";
import { componentRef, type JsonSchema, jsonSchemas, reachable } from "./json-schema.ts";

/** Every schema that the document holds: those of the routes by route and part, and the components that these refer to. */
export interface SchemaBook {
  body(route: RouteName): JsonSchema | undefined;
  query(route: RouteName): JsonSchema | undefined;
  reply(route: RouteName): JsonSchema;
  components: Record<string, JsonSchema>;
}

/** Reads the shapes and the route table. Throws where a shape is not the same in requests and in answers: give each its own. */
export function schemaBook(): SchemaBook {
  const named = namedShapes();
  const inputs = jsonSchemas("input", named, partsOf(["body", "query"]));
  const outputs = jsonSchemas("output", named, answers());
  const take = (from: Record<string, JsonSchema>, schema: z.ZodType | undefined, part: string) => {
    const name = schema && named.get(schema);
    return name === undefined ? from[part] : { $ref: componentRef(name) };
  };
  const rows = new Map(routeRows);
  const book = {
    body: (route: RouteName) => take(inputs, rows.get(route)?.body?.(), `${route}.body`),
    query: (route: RouteName) => inputs[`${route}.query`],
    reply: (route: RouteName) => take(outputs, replies[route], `${route}.reply`) ?? {},
  };
  const names = [...rows.keys()];
  const asked = [
    ...reachable(
      names.map((name) => [book.body(name), book.query(name)]),
      inputs,
    ),
  ];
  const answered = [...reachable([names.map(book.reply), { $ref: componentRef("Problem") }], outputs)];
  for (const name of asked.filter((name) => answered.includes(name))) {
    if (JSON.stringify(inputs[name]) !== JSON.stringify(outputs[name])) {
      throw new Error(`The shape ${name} differs between requests and answers: give each its own.`);
    }
  }
  const entries = [...asked.map((name) => [name, inputs[name]]), ...answered.map((name) => [name, outputs[name]])];
  return { ...book, components: Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))) };
}

/** Objects and enumerations that the shapes export, by their name in capitals. */
function namedShapes(): Map<z.ZodType, string> {
  const shapes: Record<string, unknown> = {
    ...common,
    ...artifact,
    ...task,
    ...newTask,
    ...taskActs,
    ...ticket,
    ...agent,
    ...access,
    ...artifactViews,
    ...taskViews,
    ...taskActViews,
    ...ticketViews,
    ...agentViews,
    ...accessViews,
    envelope,
  };
  const named = new Map<z.ZodType, string>([[problemDocument, "Problem"]]);
  for (const [name, given] of Object.entries(shapes)) {
    // What takes no parameter is a shape that is made when it is asked for.
    const shape = typeof given === "function" && given.length === 0 ? given() : given;
    if (shape instanceof z.ZodObject || shape instanceof z.ZodEnum) {
      named.set(shape, name.charAt(0).toUpperCase() + name.slice(1));
    }
  }
  return named;
}

function partsOf(parts: readonly ("body" | "query")[]): Map<z.ZodType, string> {
  const found = new Map<z.ZodType, string>();
  for (const [name, row] of routeRows) {
    for (const part of parts) {
      const schema = row[part]?.();
      if (schema) found.set(schema, `${name}.${part}`);
    }
  }
  return found;
}

const answers = () => new Map(Object.entries(replies).map(([name, schema]) => [schema, `${name}.reply`]));
