import type { Tables } from "@omoios/adapters/dynamodb/client";
import { describe, expect, it } from "vitest";
import { type AgentsPlane, agentsPlane, START } from "../../harness/agents-plane.ts";
import { AT_EASE, type LadderActs, ladderActs, type StartedAgent } from "../../harness/ladder-acts.ts";
import { useAgentsPlaneAlone } from "../../harness/use-agents-plane.ts";

let tables: Tables;
let plane: AgentsPlane;
let acts: LadderActs;
// Every agent of a table is judged, so that each test has tables of its own.
useAgentsPlaneAlone((made) => {
  ({ tables, plane } = made);
  acts = ladderActs(plane);
});

describe("when the whole fleet falls silent", () => {
  it("nobody is failed, and it is said once", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const fleet = await acts.fleetOf(6);
    const said: unknown[] = [];
    await acts.judgedFor(300, async () => {
      const [event] = await plane.eventsOf("fleet", {});
      said.push(event?.data);
    });
    expect(await Promise.all(fleet.map(acts.statusOf))).toEqual(fleet.map(() => "IDLE"));
    expect(await plane.store.get("fleet", {})).toEqual({ version: 1, silent_since: START + 45_000 });
    expect(said.at(-1)).toEqual({ silent: 6, active: 6 });
  });

  it("those that come back go on, those that stay silent get one more interval, and the next silence is said again", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const fleet = await acts.fleetOf(6);
    await acts.judgedFor(120);
    const [dead, ...alive] = fleet as [StartedAgent, ...StartedAgent[]];
    let n = 1;
    const beatAll = async () => {
      n++;
      await Promise.all(alive.map((agent) => acts.nextBeat(agent, n)));
    };
    await acts.judgedFor(15, beatAll);
    expect(await plane.store.get("fleet", {})).toEqual({ version: 2 });
    expect(await plane.eventsOf("fleet", {})).toEqual([
      { type: "monitor.mass_silence.cleared", data: { lasted_seconds: 90 } },
    ]);
    expect(await acts.standing(dead)).toEqual(AT_EASE);
    await acts.judgedFor(90, beatAll);
    expect(await acts.statusOf(dead)).toBe("FAILED");
    expect(await Promise.all(alive.map(acts.statusOf))).toEqual(alive.map(() => "IDLE"));
    await acts.judgedFor(60);
    expect(await plane.store.get("fleet", {})).toMatchObject({ version: 3, silent_since: expect.any(Number) });
  });

  it("those that others beat past for too long are failed, and count towards no other mass silence", async () => {
    plane = await agentsPlane(tables, { limits: { mass_silence: { share: 0.3, agents: 5, most_seconds: 150 } } });
    acts = ladderActs(plane);
    await plane.agents.watchBeats(plane.context("sweep"));
    const fleet = await acts.fleetOf(12);
    const [dead, alive] = [fleet.slice(0, 6), fleet.slice(6)];
    let n = 1;
    const beatAll = async () => {
      n++;
      await Promise.all(alive.map((agent) => acts.nextBeat(agent, n)));
    };
    const begun = { version: 1, silent_since: START + 45_000 };
    await acts.judgedFor(180, beatAll);
    expect(await plane.store.get("fleet", {})).toEqual(begun);
    expect(await Promise.all(dead.map(acts.standing))).toEqual(dead.map(() => AT_EASE));
    // The guard ends at 195 s. Each then has a whole interval for each of its misses.
    await acts.judgedFor(90, beatAll);
    expect(await Promise.all(dead.map(acts.statusOf))).toEqual(dead.map(() => "DEGRADED"));
    await acts.judgedFor(30, beatAll);
    expect(await Promise.all(dead.map(acts.statusOf))).toEqual(dead.map(() => "FAILED"));
    expect(await Promise.all(alive.map(acts.statusOf))).toEqual(alive.map(() => "IDLE"));
    expect(await plane.store.get("fleet", {})).toEqual({ version: 2 });
  });

  it("but few of them are held to it", async () => {
    await plane.agents.watchBeats(plane.context("sweep"));
    const fleet = await acts.fleetOf(6);
    let n = 1;
    await acts.judgedFor(105, async () => {
      n++;
      await Promise.all(fleet.slice(0, 2).map((agent) => acts.nextBeat(agent, n)));
    });
    expect(await Promise.all(fleet.map(acts.statusOf))).toEqual([
      "IDLE",
      "IDLE",
      "FAILED",
      "FAILED",
      "FAILED",
      "FAILED",
    ]);
    expect(await plane.store.get("fleet", {})).toBeUndefined();
  });
});
