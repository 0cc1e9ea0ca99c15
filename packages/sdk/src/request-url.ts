import { BASE_PATH } from "@omoios/contracts/routes/route";

/** A call's address: the path of its row with the parameters put in, and the query. Members that are `undefined` are left out. */
export function requestUrl(
  base: string,
  path: string,
  params: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === "") throw new TypeError(`params.${name} is missing: ${path} needs it`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return `${base.replace(/\/+$/, "")}${BASE_PATH}${filled}${text === "" ? "" : `?${text}`}`;
}
