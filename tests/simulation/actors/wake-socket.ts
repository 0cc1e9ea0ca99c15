import { socketOf } from "@omoios/domain/agents/sockets";
import type { Chance } from "@omoios/simulation/chance";
import type { Fleet } from "@omoios/simulation/plane/fleet";
import type { VirtualTime } from "@omoios/simulation/virtual-time";
import type { AgentWays } from "@omoios/simulation/wire/agent-ways";
import type { Faults } from "@omoios/simulation/wire/faults";
import { type Life, unanswered } from "./life.ts";

interface SocketParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  fleet: Fleet;
  ways: AgentWays;
}

/** Holds a wake socket as long as the life lasts, and opens another where one dies. The plane hears of half of their ends. */
export async function holdSocket(parts: SocketParts, life: Life, woken: () => void): Promise<void> {
  const { time, chance, faults, fleet, ways } = parts;
  while (!life.ended) {
    const connection_id = ways.connect(woken);
    const opened = await life
      .call(async ({ rooms }, ctx, row) => {
        await rooms.sockets.open(socketOf(row, connection_id, ctx.now));
        return true;
      }, 1)
      .catch(unanswered(false));
    await time.sleep(opened ? chance.between(5_000, 50_000) : 2_000);
    while (opened && !faults.on && !life.ended) await time.sleep(30_000);
    ways.hangUp(connection_id);
    if (chance.percent(50)) await fleet.invoke("wake", ({ rooms }) => rooms.sockets.close(connection_id));
  }
}
