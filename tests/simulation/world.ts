import { routingConfig } from "@omoios/domain/alerting/routing-config";
import { writeWorkflow } from "@omoios/domain/tickets/workflow-file";
import { chance } from "@omoios/simulation/chance";
import * as simulated from "@omoios/simulation/world";
import { gatedWorkflow, type Scenario, scenarioOf } from "./scenario.ts";

/** Alerts are not simulated here, and nobody is told. */
const NOBODY_IS_TOLD = routingConfig.parse({
  receivers: [{ name: "nobody", type: "email", to: ["nobody@example.com"] }],
  route: { receiver: "nobody" },
});

export interface WorldOptions extends Omit<simulated.WorldOptions, "configuration" | "one_machine"> {
  /** What it is about, where the seed shall not say. */
  scenario?: Scenario | undefined;
}

/** A world, and what a seed wants of it. */
export interface World extends simulated.World {
  scenario: Scenario;
}

export async function makeWorld(options: WorldOptions): Promise<World> {
  const all = options.chance ?? chance(options.seed);
  const scenario = options.scenario ?? scenarioOf(all.of("scenario"));
  const configuration = {
    limits: scenario.limits,
    workflows: new Map([[gatedWorkflow.id, gatedWorkflow]]),
    workflow_texts: new Map([[gatedWorkflow.id, writeWorkflow(gatedWorkflow)]]),
    alert_routing: NOBODY_IS_TOLD,
    alert_rules: { written: [], faults: [] },
    watchdog_policies: [],
    guardian_policies: [],
  };
  const { one_machine } = scenario;
  return { ...(await simulated.makeWorld({ ...options, chance: all, configuration, one_machine })), scenario };
}
