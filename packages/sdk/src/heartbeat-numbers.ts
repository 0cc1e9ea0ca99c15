import type { RouteReply } from "@omoios/contracts/routes";
import { heartbeatChecksum } from "./checksum.ts";
import type { CallRequest } from "./client.ts";

type Body = CallRequest<"heartbeat">["body"];
/** A heartbeat without what the sender adds: number and checksum. */
export type Beat = Omit<Body, "sequence_number" | "checksum">;
export type BeatReply = RouteReply<"heartbeat">;

export type SendBeat = (body: Body) => Promise<BeatReply>;

/**
 * Numbers beats from 1 and sends them one at a time. A beat whose answer was lost gives its number to the next one; where
 * the plane has seen the number already, the beat is sent again under the number that the plane expects.
 */
export function heartbeatNumbers(): (send: SendBeat, beat: Beat) => Promise<BeatReply> {
  let next = 1;
  let last: Promise<unknown> = Promise.resolve();

  async function deliver(send: SendBeat, beat: Beat): Promise<BeatReply> {
    const fields = { ...beat, sequence_number: next };
    const reply = await send({ ...fields, checksum: await heartbeatChecksum(fields) });
    next = reply.expected_next;
    return reply;
  }

  return (send, beat) => {
    const turn = async () => {
      const reply = await deliver(send, beat);
      return reply.received ? reply : await deliver(send, beat);
    };
    const mine = last.then(turn, turn);
    last = mine;
    return mine;
  };
}
