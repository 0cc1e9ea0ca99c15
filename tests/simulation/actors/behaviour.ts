import type { Chance } from "@omoios/simulation/chance";
import type { Faults } from "@omoios/simulation/wire/faults";

const BEHAVIOURS = [
  "just_work",
  "work",
  "work_silently",
  "hand_in_twice",
  "stall",
  "fail",
  "fail_for_good",
  "fail_by_result",
  "release",
  "wait",
  "wait_until",
  "forget",
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** What an agent does with a task that it took. Once the faults are over, agents just work. */
export function behaviourBy(chance: Chance, faults: Faults): Behaviour {
  if (!faults.on) return "just_work";
  if (chance.percent(35)) return "work";
  return chance.one(BEHAVIOURS);
}
