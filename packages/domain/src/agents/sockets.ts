import type { SocketMessage } from "@omoios/contracts/views/pushed";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId } from "@omoios/kernel/ids";
import type { AgentRow } from "./model.ts";

/** API Gateway ends a connection then. */
const CONNECTION_MS = 2 * 3_600_000;

/** A socket that an agent holds. */
export interface HeldSocket {
  agent_id: AgentId;
  connection_id: string;
  /** As it was at the connect: an agent whose key was revoked since is not told. */
  epoch: number;
  class_id: string;
  ends_at: Instant;
}

/** Sockets in the table without stream: one for each agent, the newest. */
export interface Sockets {
  open(socket: HeldSocket): Promise<void>;
  /** Forgets the connection; a newer one of the same agent stays. May be repeated. */
  close(connection_id: string): Promise<void>;
  /** Those that have not ended; up to a moment old. */
  held(now: Instant): Promise<HeldSocket[]>;
}

/** Sends on a connection. `gone`: nobody is there any more. Throws where it cannot tell. */
export type Post = (connection_id: string, message: SocketMessage) => Promise<"sent" | "gone">;

/** The socket that an agent opens now. */
export function socketOf({ agent_id, epoch, class_id }: AgentRow, connection_id: string, now: Instant): HeldSocket {
  return { agent_id, connection_id, epoch, class_id, ends_at: now + CONNECTION_MS };
}
