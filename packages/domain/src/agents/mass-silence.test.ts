import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import { expect, it } from "vitest";
import { NOW, SECOND } from "./agent-row.fixture.ts";
import { judgeSilence } from "./mass-silence.ts";

const at = (seconds: number) => NOW + seconds * SECOND;
const late = (count: number, since: number) => Array.from({ length: count }, () => at(since));

it.each([
  { what: "few are silent", late_since: late(4, -5), marks: undefined, guard: {} },
  { what: "many fall silent", late_since: late(7, -5), marks: undefined, guard: { massive_since: NOW } },
  {
    what: "it goes on",
    late_since: late(7, -599),
    marks: { massive_since: at(-599) },
    guard: { massive_since: at(-599) },
  },
  {
    what: "others beat past it",
    late_since: late(7, -605),
    marks: { massive_since: at(-600) },
    guard: { let_go_at: NOW },
  },
  {
    what: "nobody beats at all",
    late_since: late(20, -605),
    marks: { massive_since: at(-600) },
    heard: -640,
    guard: { massive_since: at(-600) },
  },
  {
    what: "those let go are silent still",
    late_since: late(7, -605),
    marks: { let_go_at: at(-15) },
    guard: { let_go_at: at(-15) },
  },
  {
    what: "many more fall silent after that",
    late_since: [...late(7, -605), ...late(7, -5)],
    marks: { let_go_at: at(-15) },
    guard: { let_go_at: at(-15), massive_since: NOW },
  },
  { what: "enough have come back", late_since: late(6, -40), marks: { massive_since: at(-60) }, guard: {} },
])("where $what the guard is $guard", ({ late_since, marks, heard = -5, guard }) => {
  expect(judgeSilence({ late_since, active: 20, heard_at: at(heard) }, marks, NOW, limits)).toEqual(guard);
});
