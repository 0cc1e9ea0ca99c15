import { fileURLToPath } from "node:url";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { readConfiguration } from "@omoios/app/configuration";
import type { Ground } from "@omoios/app/ground";
import { rooms } from "@omoios/app/rooms";
import { watchRooms } from "@omoios/app/watch-rooms";
import { watchWork } from "@omoios/app/watch-work";
import { work } from "@omoios/app/work";
import type { TimerMessage } from "@omoios/contracts/jobs";
import { type Context, systemContext } from "@omoios/kernel/context";
import { seededRandom } from "@omoios/kernel/random";
import { memoryStageKeys } from "./stage-keys.ts";

export const configuration = readConfiguration(fileURLToPath(new URL("../../config", import.meta.url)), {});

/** Each plane has chance of its own: ids made of it meet in one table. */
let made = 0;

/** The rooms of the plane over real tables, at a time that the test sets. Nothing happens but by a call. */
export function timedRooms(
  tables: Tables,
  time: { now: number },
  random = seededRandom(++made),
  given: Partial<Ground> = {},
) {
  /** Messages that timers would bring. */
  const sent: TimerMessage[] = [];
  const ground: Ground = {
    ...configuration,
    stage: "test",
    tables,
    clock: { now: () => time.now },
    random,
    timers: { set: async (messages) => void sent.push(...messages) },
    token_keys: memoryStageKeys(time.now),
    audit_keys: memoryStageKeys(time.now),
    ...given,
  };
  const furnished = rooms(ground);
  const watch = () => watchRooms(ground, furnished);
  const watching = async () => watchWork(furnished, watch());
  const context = (): Context => systemContext("test", time.now, random);
  return { rooms: furnished, watch, work: work(furnished, watching), sent, context };
}
