import { isProblemCode, problems } from "@omoios/contracts/problems";
import type { Principal } from "@omoios/domain/access/principal";
import { socketOf } from "@omoios/domain/agents/sockets";
import type { RequestContext } from "@omoios/domain/commit";
import { systemContext } from "@omoios/kernel/context";
import { Problem } from "@omoios/kernel/problem";
import type { ErrorLog } from "./api-parts.ts";
import type { Rooms } from "./rooms.ts";

export type WakeChannel = ReturnType<typeof wakeChannel>;

/** A handshake, as the WebSocket API tells of it. */
export interface Handshake {
  bearer: string | undefined;
  connection_id: string;
  request_id: string;
}

/** What answers the WebSocket API by which agents are woken. */
export function wakeChannel(rooms: Rooms, log: ErrorLog) {
  const { access, clock, rate_limiter, sockets, random } = rooms;
  const { work } = rooms.parts.limits.rate_limits;

  async function open(principal: Principal, connection_id: string, { now }: RequestContext): Promise<void> {
    if (principal.kind !== "agent")
      throw new Problem("auth.forbidden", {
        detail: "Only agents hold a wake socket.",
        remedy: "Send an agent's access token.",
      });
    const { allowed } = await rate_limiter.admit(`${principal.actor.id}#work`, work, now);
    if (!allowed) throw new Problem("rate.limited");
    await sockets.open(socketOf(principal.agent, connection_id, now));
  }

  /** As the HTTP API keeps its refusals: of a known principal one by one, of others counted. */
  async function keep(ctx: RequestContext, known: boolean, { code, detail: reason }: Problem, request_id: string) {
    const status = statusOf(code);
    if (status !== 401 && status !== 403) return;
    try {
      const refusal = { route: "wake", code, status, request_id, subject: { kind: "route", id: "wake" }, reason };
      await (known ? rooms.audit.refused(ctx, refusal) : rooms.audit.refusedUnknown(ctx, code));
    } catch (error) {
      log.error("A refusal was not audited", { request_id, code, error });
    }
  }

  return {
    /** The HTTP status of a handshake: 200 lets it through. The client is shown no more than that of a refusal. */
    async connect({ bearer, connection_id, request_id }: Handshake): Promise<number> {
      const now = clock.now();
      let ctx = systemContext("wake", now, random, { correlation_id: request_id });
      let principal: Principal | undefined;
      try {
        if (bearer === undefined) throw new Problem("auth.missing");
        principal = await access.authenticate(bearer, { route: "wake", path_params: {}, now });
        ctx = { ...ctx, actor: principal.actor };
        await open(principal, connection_id, ctx);
        return 200;
      } catch (refusal) {
        if (!(refusal instanceof Problem) || !isProblemCode(refusal.code)) throw refusal;
        await keep(ctx, principal !== undefined, refusal, request_id);
        return statusOf(refusal.code);
      }
    },
    disconnect: (connection_id: string): Promise<void> => sockets.close(connection_id),
  };
}

const statusOf = (code: string): number => (isProblemCode(code) ? problems[code].status : 500);
