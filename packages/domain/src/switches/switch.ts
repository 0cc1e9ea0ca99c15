import type { ChangeOf, RequestContext } from "../commit.ts";
import type { Off, SwitchedRoom, SwitchesRow } from "./model.ts";

/** What is to be switched: a policy, or without one all of the room's. */
export interface Switch {
  room: SwitchedRoom;
  policy?: string | undefined;
  on: boolean;
  reason: string;
}

/** Switches it. What is off already gets a new reason and stays off since when it was; where it is on already nobody must be told anything. */
export function switched(
  before: SwitchesRow | undefined,
  { room, policy, on, reason }: Switch,
  { actor, now }: Pick<RequestContext, "actor" | "now">,
): ChangeOf<"switches"> & { after: SwitchesRow } {
  const { paused, policies = {} } = before ?? {};
  const { [policy ?? ""]: its, ...others } = policies;
  const was = policy === undefined ? paused : its;
  const is: Off | undefined = on ? undefined : { by: actor.id, since: was?.since ?? now, reason };
  const after: SwitchesRow = {
    version: before?.version ?? 0,
    room,
    ...(policy === undefined
      ? { paused: is, policies }
      : { paused, policies: is === undefined ? others : { ...others, [policy]: is } }),
    policy,
    reason,
  };
  const told = was !== undefined || is !== undefined;
  const type = `${room}.switched_${on ? "on" : "off"}` as const;
  return {
    kind: "switches",
    ...(before === undefined ? {} : { before }),
    after,
    ...(told ? { events: [{ type }] } : {}),
  };
}

/** Who took the policy out of force: by itself, or with all of its room. */
export function offOf(row: SwitchesRow | undefined, policy: string): Off | undefined {
  return row?.paused ?? (row !== undefined && Object.hasOwn(row.policies, policy) ? row.policies[policy] : undefined);
}
