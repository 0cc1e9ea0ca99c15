import { problemsOf } from "@omoios/contracts/route-problems";
import { type RouteName, routeRows } from "@omoios/contracts/routes";
import { BASE_PATH, type Route } from "@omoios/contracts/routes/route";

/** Rows by method and path. What stands in a path without braces comes first: `/tasks/claim` is no task. */
const rows = routeRows
  .map(([name, row]) => ({ name, row, shape: new RegExp(`^${BASE_PATH}${row.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`) }))
  .toSorted((a, b) => (a.row.path < b.row.path ? -1 : 1));

function rowOf(method: string, path: string): { name: RouteName; row: Route } | undefined {
  return rows.find(({ row, shape }) => row.method === method && shape.test(path));
}

/**
 * The answer; where it is a problem that its route's row does not name, one that no test takes for what it asked for. What no route
 * answers is let through.
 */
export async function heldToTable(method: string, url: string, answer: Response): Promise<Response> {
  if (!(answer.headers.get("content-type") ?? "").startsWith("application/problem+json")) return answer;
  const found = rowOf(method, new URL(url).pathname);
  const { code } = (await answer.clone().json()) as { code: string };
  if (found === undefined || (problemsOf(found.row) as string[]).includes(code)) return answer;
  const title = `${found.name} answered ${code}, which its row does not name`;
  const headers = { "content-type": "application/problem+json" };
  return new Response(JSON.stringify({ code: "test.unnamed_problem", title }), { status: 418, headers });
}

/** The global fetch, its answers held to the table of routes. */
export const heldFetch: typeof globalThis.fetch = async (address, init) =>
  heldToTable(init?.method ?? "GET", String(address), await fetch(address, init));
