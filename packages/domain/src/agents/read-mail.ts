import type { RouteReply } from "@omoios/contracts/routes";
import type { Instant } from "@omoios/kernel/clock";
import type { Store } from "../store.ts";
import type { MessageRow } from "./life-rows.ts";
import { ackedOf, type OpenLetter, openLetters } from "./mail.ts";
import type { AgentRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";

type ChannelMessages = RouteReply<"heartbeat">["messages"];

/** Shows letters as the messages that they are. */
export type ReadLetters = (letters: readonly OpenLetter[]) => Promise<ChannelMessages>;

/** Messages that a process remembers. What was said never changes, and one message is for many agents. */
const REMEMBERED = 500;

/** Reads messages, each once for a process: the beats of a whole fleet bring a message with one read. */
export function lettersOn(store: Store): ReadLetters {
  const known = new Map<string, Pick<MessageRow, "channel" | "body">>();
  return async (letters) => {
    const unknown = letters.filter(({ id }) => !known.has(id)).map(({ id }) => ({ message_id: id }));
    const read = unknown.length === 0 ? [] : await store.getMany("message", unknown);
    if (known.size + read.length > REMEMBERED) known.clear();
    for (const { message_id, channel, body } of read) known.set(message_id, { channel, body });
    return letters.flatMap(({ id, number }) => {
      const said = known.get(id);
      return said === undefined ? [] : [{ number, ...said }];
    });
  };
}

/**
 * The messages that a claim is answered with, once what it acknowledges is noted. An agent's box is looked into only while the stage
 * has messages that may still be open: a claim at any other time costs nothing more.
 */
export async function mailOfClaim(
  { pulse, mail_flag, limits }: AgentParts,
  read: ReadLetters,
  { agent_id }: AgentRow,
  acked: number | undefined,
  now: Instant,
): Promise<ChannelMessages> {
  if (!(await mail_flag.isUp())) return [];
  const box = await pulse.get(agent_id);
  if (box === undefined) return [];
  const heard = ackedOf(box, acked);
  if (heard > ackedOf(box)) await pulse.acknowledge(agent_id, heard);
  return read(openLetters(box, now, limits, heard));
}
