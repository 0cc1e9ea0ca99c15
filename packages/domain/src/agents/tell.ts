import type { SocketMessage } from "@omoios/contracts/views/pushed";
import type { HeldSocket, Post, Sockets } from "./sockets.ts";

export interface TellParts {
  sockets: Pick<Sockets, "close">;
  post: Post;
  notice?: ((message: string, fields: Record<string, unknown>) => void) | undefined;
}

/** Tells an agent something over its socket. Whom it does not reach learns it by itself: with its next poll, or its next beat. */
export async function tell(
  { post, sockets, notice }: TellParts,
  { agent_id, connection_id }: HeldSocket,
  message: SocketMessage,
): Promise<void> {
  try {
    if ((await post(connection_id, message)) === "gone") await sockets.close(connection_id);
  } catch (error) {
    notice?.("An agent was not told over its socket", { agent_id, error });
  }
}
