import type { Switch } from "@omoios/domain/switches/switch";
import type { CallContext } from "../verbs.ts";

/** A room whose policies can be taken out of force. */
interface Switched<Policy, All> {
  switch(ctx: CallContext, wanted: Omit<Switch, "room">): Promise<void>;
  policy(name: string): Promise<Policy>;
  switchedOff(): Promise<All>;
}

/** The verbs that switch one policy of a room, or all of them; each answers with what there is then. */
export function switching<Policy, All>(room: Switched<Policy, All>) {
  return {
    policy:
      (on: boolean) =>
      async (ctx: CallContext, input: { params: { policy: string }; body: { reason: string } }): Promise<Policy> => {
        const { policy } = input.params;
        await room.switch(ctx, { policy, on, ...input.body });
        return room.policy(policy);
      },
    all:
      (on: boolean) =>
      async (ctx: CallContext, { body }: { body: { reason: string } }): Promise<All> => {
        await room.switch(ctx, { on, ...body });
        return room.switchedOff();
      },
  };
}
