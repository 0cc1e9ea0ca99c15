import type { Ground } from "./ground.ts";
import type { Rooms } from "./rooms.ts";
import { watchRooms } from "./watch-rooms.ts";
import { watchReplays, watchVerbs } from "./watch-verbs.ts";
import { watchWork } from "./watch-work.ts";

export type Watch = ReturnType<typeof openWatch>;

/** All that watches over the work. Functions load this file by `import()`, so that those which need none of it do not read it. */
export function openWatch(ground: Ground, rooms: Rooms) {
  const watch = watchRooms(ground, rooms);
  return {
    rooms: watch,
    work: watchWork(rooms, watch),
    verbs: watchVerbs(watch),
    replays: watchReplays(watch),
  };
}
