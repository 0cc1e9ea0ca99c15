import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ProblemCode, problems } from "@omoios/contracts/problems";
import { replies } from "@omoios/contracts/replies";
import { type RouteName, routeRows } from "@omoios/contracts/routes";
import { BASE_PATH, type Route } from "@omoios/contracts/routes/route";
import { Problem } from "@omoios/kernel/problem";

export interface Call {
  name: RouteName;
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  headers: IncomingMessage["headers"];
}
export type Answer = (call: Call) => unknown;

interface Fault {
  name: RouteName;
  how: "drop_answer" | Problem;
  times: number;
}

export interface RouteServer {
  url: string;
  /** Every call so far, in the order of its coming. */
  calls: Call[];
  /** Spoils the next answers of a route: the work is done and the answer lost, or the problem answered and nothing done. */
  spoil(name: RouteName, how: Fault["how"], times?: number): void;
  close(): Promise<void>;
}

/** A real HTTP server on 127.0.0.1 for rows of the route table. Bodies and replies are held to the schemas of both tables. */
export async function startRouteServer(answers: Partial<Record<RouteName, Answer>>): Promise<RouteServer> {
  const calls: Call[] = [];
  const faults: Fault[] = [];
  const server = createServer(async (request, response) => {
    try {
      const { call, row } = await readCall(request);
      calls.push(call);
      const fault = faults.find(({ name, times }) => name === call.name && times > 0);
      if (fault) fault.times -= 1;
      if (fault?.how instanceof Problem) throw fault.how;
      const answer = answers[call.name];
      if (answer === undefined) throw new Problem("route.not_found", { detail: `${call.name} is not served here` });
      const reply = replies[call.name].parse(await answer(call));
      if (fault) return void request.socket.destroy();
      send(response, row.status, reply);
    } catch (error) {
      sendProblem(response, error);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    spoil: (name, how, times = 1) => void faults.push({ name, how, times }),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readCall(request: IncomingMessage): Promise<{ call: Call; row: Route }> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://plane");
  for (const [name, row] of routeRows) {
    const params = row.method === request.method ? match(BASE_PATH + row.path, pathname) : undefined;
    if (params === undefined) continue;
    const query = Object.fromEntries(searchParams);
    const text = await readText(request);
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    for (const [schema, input] of [[row.body, body] as const, [row.query, query] as const]) {
      const parsed = schema?.().safeParse(input);
      if (parsed === undefined || parsed.success) continue;
      const errors = parsed.error.issues.map(({ path, message }) => ({ path: `/${path.join("/")}`, message }));
      throw new Problem("request.invalid", { errors });
    }
    return { call: { name, params, query, body, headers: request.headers }, row };
  }
  throw new Problem("route.not_found", { detail: `${request.method} ${pathname}` });
}

function match(template: string, path: string): Record<string, string> | undefined {
  const pattern = new RegExp(`^${template.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
  const found = pattern.exec(path);
  // `/tasks/claim` has the form of `/tasks/{task_id}`, but not its method.
  return found === null ? undefined : { ...found.groups };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const problem = error instanceof Problem ? error : new Problem("internal", { detail: String(error) });
  const row = problems[problem.code as ProblemCode];
  const { retry_after_ms } = problem.extra;
  const headers = typeof retry_after_ms === "number" ? { "retry-after": String(Math.ceil(retry_after_ms / 1000)) } : {};
  const { status, title, remedy } = row;
  const { code, detail, errors } = problem;
  send(
    response,
    status,
    { ...problem.extra, type: `/docs#${code}`, title, status, detail, remedy, code, errors, request_id: "req_small" },
    headers,
  );
}
