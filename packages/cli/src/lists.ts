import type { CallRequest, Client } from "@omoios/sdk/client";
import { type ItemOf, type ListName, paginate } from "@omoios/sdk/paginate";

/** A part of a list, and whether there is more of it. */
export interface Part<Item> {
  items: Item[];
  more: boolean;
}

function itemsOf<N extends ListName>(client: Client, list: N, request: CallRequest<N>, page: number) {
  return paginate(client, list, { ...request, query: { limit: page, ...(request as { query?: object }).query } });
}

/** The first items of a list, over as many pages as that takes, and whether there are more. */
export async function firstItems<N extends ListName>(
  client: Client,
  list: N,
  request: CallRequest<N>,
  limit: number,
): Promise<Part<ItemOf<N>>> {
  const items: ItemOf<N>[] = [];
  for await (const item of itemsOf(client, list, request, Math.min(100, limit + 1))) {
    if (items.length === limit) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}

/** The last items of a list, in its order: all of it is read, since lists go one way. */
export async function lastItems<N extends ListName>(
  client: Client,
  list: N,
  request: CallRequest<N>,
  limit: number,
): Promise<Part<ItemOf<N>>> {
  const items: ItemOf<N>[] = [];
  let more = false;
  for await (const item of itemsOf(client, list, request, 100)) {
    items.push(item);
    if (items.length > limit) {
      items.shift();
      more = true;
    }
  }
  return { items, more };
}
