import type * as z from "zod";
import type { replies } from "./replies.ts";
import { agentLifeRoutes } from "./routes/agent-life.ts";
import { agentRoutes } from "./routes/agents.ts";
import { alertRuleRoutes } from "./routes/alert-rules.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { guardianRoutes } from "./routes/guardian.ts";
import { monitorRoutes } from "./routes/monitor.ts";
import { planeRoutes } from "./routes/plane.ts";
import { receiverRoutes } from "./routes/receivers.ts";
import type { Route } from "./routes/route.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { ticketRoutes } from "./routes/tickets.ts";
import { watchdogRoutes } from "./routes/watchdog.ts";
import { workflowRoutes } from "./routes/workflows.ts";

/** Endpoints by which the fleet's work is done. */
const workRoutes = {
  ...ticketRoutes,
  ...workflowRoutes,
  ...taskRoutes,
  ...agentRoutes,
  ...agentLifeRoutes,
  ...planeRoutes,
};

/** Endpoints of what watches over it. */
export const watchRoutes = {
  ...monitorRoutes,
  ...alertRuleRoutes,
  ...alertRoutes,
  ...receiverRoutes,
  ...watchdogRoutes,
  ...guardianRoutes,
};

/** Every endpoint of the plane, by the name of its operation. */
export const routes = { ...workRoutes, ...watchRoutes };

export type RouteName = keyof typeof routes;
export type WatchRouteName = keyof typeof watchRoutes;
type Row<N extends RouteName> = (typeof routes)[N];
type Output<T> = T extends () => z.ZodType ? z.output<ReturnType<T>> : undefined;
type Input<T> = T extends () => z.ZodType ? z.input<ReturnType<T>> : undefined;
type Member<R, K extends string> = R extends Record<K, infer V> ? V : undefined;

/** What a verb receives: path parameters, and query and body as parsed. */
export interface RouteInput<N extends RouteName> {
  params: { [P in keyof Row<N>["params"]]: string };
  query: Output<Member<Row<N>, "query">>;
  body: Output<Member<Row<N>, "body">>;
}

/** What a caller may send: before parsing. */
export interface RouteRequest<N extends RouteName> {
  params: { [P in keyof Row<N>["params"]]: string };
  query: Input<Member<Row<N>, "query">>;
  body: Input<Member<Row<N>, "body">>;
}

/** What each row's answer is held to. */
export type Replies = Readonly<Record<RouteName, z.ZodType>>;

export type RouteReply<N extends RouteName> = z.output<(typeof replies)[N]>;

/** Routes that answer a text, where that is asked for. */
export type TextRoute = { [N in RouteName]: Row<N> extends { text_type: string } ? N : never }[RouteName];

/** The table without its literal types, for those who walk it. */
export const routeRows = Object.entries(routes) as [RouteName, Route][];
