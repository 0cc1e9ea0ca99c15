import type { RouteName, RouteReply } from "@omoios/contracts/routes";
import type { CallRequest, Client } from "./client.ts";
import type { CallOptions, LooseRequest } from "./transport.ts";

interface Page {
  items: unknown[];
  next_cursor: string | null;
}

/** Routes that answer page by page. The event log is none of them: it never ends (see `follow-events.ts`). */
export type ListName = Exclude<{ [N in RouteName]: RouteReply<N> extends Page ? N : never }[RouteName], "listEvents">;
export type ItemOf<N extends ListName> = RouteReply<N> extends { items: (infer Item)[] } ? Item : never;

/** Every item of a list, page after page, read as they are asked for. */
export async function* paginate<N extends ListName>(
  client: Client,
  list: N,
  request: CallRequest<N>,
  options: CallOptions = {},
): AsyncGenerator<ItemOf<N>, void, undefined> {
  // A call's type differs from list to list; all of them take a query and answer a page.
  const call = client[list] as unknown as (request: LooseRequest, options: CallOptions) => Promise<Page>;
  const { query, ...rest } = request as LooseRequest;
  let cursor: string | null | undefined;
  do {
    const page = await call({ ...rest, query: { ...query, ...(cursor ? { cursor } : {}) } }, options);
    yield* page.items as ItemOf<N>[];
    cursor = page.next_cursor;
  } while (cursor !== null);
}
