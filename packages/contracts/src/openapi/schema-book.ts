import * as z from "zod";
import { envelope } from "../events.ts";
import { problemDocument } from "../problem-document.ts";
import { replies } from "../replies.ts";
import { type RouteName, routeRows } from "../routes.ts";
import * as access from "../shapes/access.ts";
import * as agent from "../shapes/agent.ts";
import { notification } from "../shapes/alert.ts";
import { alertRule } from "../shapes/alert-rule.ts";
import * as artifact from "../shapes/artifact.ts";
import * as common from "../shapes/common.ts";
import * as newTask from "../shapes/new-task.ts";
import * as task from "../shapes/task.ts";
import * as taskActs from "../shapes/task-acts.ts";
import * as ticket from "../shapes/ticket.ts";
import * as accessViews from "../views/access.ts";
import * as agentViews from "../views/agent.ts";
import * as agentLifeViews from "../views/agent-life.ts";
import * as alertViews from "../views/alert.ts";
import * as alertRuleViews from "../views/alert-rule.ts";
import * as artifactViews from "../views/artifact.ts";
import * as auditViews from "../views/audit.ts";
import * as guardianViews from "../views/guardian.ts";
import { socketMessage, taskAssigned } from "../views/pushed.ts";
import * as receiverViews from "../views/receiver.ts";
import * as sampleViews from "../views/sample.ts";
import * as switchViews from "../views/switch.ts";
import * as taskViews from "../views/task.ts";
import * as taskActViews from "../views/task-acts.ts";
import * as ticketViews from "../views/ticket.ts";
import * as watchdogViews from "../views/watchdog.ts";
import * as workflowViews from "../views/workflow.ts";
import { componentRef, type JsonSchema, jsonSchemas, reachable, type Side } from "./json-schema.ts";

/** What the plane sends by itself: the bodies of its webhooks, and what comes over a socket. */
export type PushedName = "task.assigned" | "alerts" | "wake";

/** Every schema that the document holds: those of the routes by route and part, and the components that these refer to. */
export interface SchemaBook {
  body(route: RouteName): JsonSchema | undefined;
  query(route: RouteName): JsonSchema | undefined;
  reply(route: RouteName): JsonSchema;
  /** What the plane sends by itself. */
  pushed(name: PushedName): JsonSchema;
  components: Record<string, JsonSchema>;
}

/** Reads the shapes and the route table. Throws where a shape is not the same in requests and in answers: give each its own. */
export function schemaBook(): SchemaBook {
  const named = namedShapes();
  const [inputs, outputs] = [sideOf("input", named, requestParts()), sideOf("output", named, replyParts())];
  const book = {
    body: (route: RouteName) => inputs.of(`${route}.body`),
    query: (route: RouteName) => inputs.of(`${route}.query`),
    reply: (route: RouteName) => outputs.of(`${route}.reply`) ?? {},
    pushed: (name: PushedName) => outputs.of(name) ?? {},
  };
  const names = routeRows.map(([name]) => name);
  const asked = [
    ...reachable(
      names.map((name) => [book.body(name), book.query(name)]),
      inputs.schemas,
    ),
  ];
  const told = [names.map(book.reply), Object.keys(pushed).map((name) => outputs.of(name))];
  const answered = [...reachable([told, { $ref: componentRef("Problem") }], outputs.schemas)];
  for (const name of asked.filter((name) => answered.includes(name))) {
    if (JSON.stringify(inputs.schemas[name]) !== JSON.stringify(outputs.schemas[name])) {
      throw new Error(`The shape ${name} differs between requests and answers: give each its own.`);
    }
  }
  const entries = [
    ...asked.map((name) => [name, inputs.schemas[name]]),
    ...answered.map((name) => [name, outputs.schemas[name]]),
  ];
  return { ...book, components: Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))) };
}

const pushed: Record<PushedName, z.ZodType> = {
  "task.assigned": taskAssigned,
  alerts: notification(),
  wake: socketMessage,
};

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
    ...agentLifeViews,
    ...alertViews,
    ...alertRuleViews,
    ...auditViews,
    ...guardianViews,
    ...receiverViews,
    ...sampleViews,
    ...switchViews,
    ...watchdogViews,
    ...workflowViews,
    alertRule,
    envelope,
    notification,
    taskAssigned,
    socketMessage,
  };
  const named = new Map<z.ZodType, string>([[problemDocument, "Problem"]]);
  for (const [name, given] of Object.entries(shapes)) {
    // What takes no parameter is a shape that is made when it is asked for.
    const shape = typeof given === "function" && given.length === 0 ? given() : given;
    if (shape instanceof z.ZodObject || shape instanceof z.ZodEnum || shape instanceof z.ZodUnion) {
      named.set(shape, name.charAt(0).toUpperCase() + name.slice(1));
    }
  }
  return named;
}

/** The schemas of one side, and what stands in the document for a part of a route: a reference to a component, or the schema itself. */
function sideOf(side: Side, named: ReadonlyMap<z.ZodType, string>, parts: ReadonlyMap<string, z.ZodType>) {
  // One that several routes share goes by the name of the last.
  const inline = new Map([...parts].map(([part, schema]) => [schema, part]));
  const schemas = jsonSchemas(side, named, inline);
  const of = (part: string): JsonSchema | undefined => {
    const schema = parts.get(part);
    if (schema === undefined) return undefined;
    const name = named.get(schema);
    return name === undefined ? schemas[inline.get(schema) ?? part] : { $ref: componentRef(name) };
  };
  return { schemas, of };
}

/** Bodies and queries, by route and part. Each is made once: a row may make another schema each time that it is asked. */
function requestParts(): Map<string, z.ZodType> {
  const found = new Map<string, z.ZodType>();
  for (const [name, row] of routeRows) {
    for (const part of ["body", "query"] as const) {
      const schema = row[part]?.();
      if (schema) found.set(`${name}.${part}`, schema);
    }
  }
  return found;
}

const replyParts = () =>
  new Map<string, z.ZodType>([
    ...Object.entries(replies).map(([name, reply]): [string, z.ZodType] => [`${name}.reply`, reply]),
    ...Object.entries(pushed),
  ]);
