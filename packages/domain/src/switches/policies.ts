import type { RequestContext } from "../commit.ts";
import type { Off, SwitchedRoom } from "./model.ts";
import { expectPolicy, type Switches, switchesView, type Written } from "./service.ts";
import { offOf, type Switch } from "./switch.ts";

/**
 * What people see and switch of a room's policies.
 * @param written the policies of its files
 * @param view a policy as the API shows it
 */
export function switchedPolicies<P extends Written, V>(
  switches: Switches,
  room: SwitchedRoom,
  written: readonly P[],
  view: (policy: P, off: Off | undefined) => V,
) {
  const viewing = async () => {
    const off = await switches.read(room);
    return (policy: P) => view(policy, offOf(off, policy.name));
  };
  return {
    policies: async (): Promise<{ items: V[]; next_cursor: null }> => ({
      items: written.map(await viewing()),
      next_cursor: null,
    }),

    /** Throws `policy.not_found`. */
    policy: async (name: string): Promise<V> => (await viewing())(expectPolicy(written, name)),

    /** All that people have taken out of force. */
    switchedOff: async () => switchesView(await switches.read(room)),

    /**
     * Takes a policy out of force, or puts it back; without one all of them. Other processes hear of it within `pause_cache_ms`.
     * Throws `policy.not_found` or `policy.disabled_in_file`.
     */
    switch: (ctx: RequestContext, wanted: Omit<Switch, "room">): Promise<void> =>
      switches.switch(ctx, { room, ...wanted }, written),
  };
}
