import type { CallRequest, Client } from "@omoios/sdk/client";
import { type ItemOf, type ListName, paginate } from "@omoios/sdk/paginate";

/** The first items of a list, over as many pages as that takes, and whether there are more. */
export async function firstItems<N extends ListName>(
  client: Client,
  list: N,
  request: CallRequest<N>,
  limit: number,
): Promise<{ items: ItemOf<N>[]; more: boolean }> {
  const items: ItemOf<N>[] = [];
  const query = { limit: Math.min(100, limit + 1), ...(request as { query?: object }).query };
  for await (const item of paginate(client, list, { ...request, query })) {
    if (items.length === limit) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}
