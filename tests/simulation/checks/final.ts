import type { Envelope } from "@omoios/contracts/events";
import type { Instant } from "@omoios/kernel/clock";
import { TABLES } from "@omoios/simulation/database";
import { type Image, keyText, plain } from "@omoios/simulation/wire/changes";
import { ask, type Emulator } from "@omoios/simulation/wire/emulator";
import type { LateWord } from "../actors/life.ts";
import type { Said } from "../actors/work-on.ts";
import type { World } from "../world.ts";
import { lateFaults, pulseFaults } from "./agents.ts";
import { historyFaults } from "./history.ts";
import { logFaults, saidFaults } from "./log.ts";
import { rowsOf } from "./rows.ts";
import { standingFaults } from "./standing.ts";

export interface Told {
  said: Said[];
  late: LateWord[];
  swept_until: Instant;
}

/** What does not hold at the end, by the tables themselves and by everything that was ever committed. */
export async function finalFaults(
  world: World,
  emulator: Emulator,
  { said, late, swept_until }: Told,
): Promise<string[]> {
  const { changes, messages } = world;
  await changes.pull(world.time.now());
  const state = await everything(emulator, TABLES.state);
  const pulse = (await everything(emulator, TABLES.pulse)).map((image) => plain(image));
  const log = pulse.flatMap((item): Envelope[] => {
    return typeof item?.event === "string" ? [JSON.parse(item.event)] : [];
  });
  const rows = rowsOf(state);
  const unseen = state.length === changes.current.size && state.every((image) => changes.current.has(keyText(image)));
  return [
    ...(unseen ? [] : ["The table holds other items than its stream tells."]),
    ...messages.parked.map((record) => `The relay parked ${record}`),
    ...standingFaults(rows, swept_until),
    ...historyFaults(changes.all),
    ...logFaults(log, changes.all, rows),
    ...saidFaults(said, rows),
    ...lateFaults(late, rows),
    ...pulseFaults(pulse, rows),
  ];
}

/** Every item of a table: only a test may scan. */
async function everything(emulator: Emulator, TableName: string): Promise<Image[]> {
  const items: Image[] = [];
  let ExclusiveStartKey: Image | undefined;
  do {
    const page: { Items: Image[]; LastEvaluatedKey?: Image } = await ask(emulator, "DynamoDB_20120810.Scan", {
      TableName,
      ExclusiveStartKey,
    });
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}
