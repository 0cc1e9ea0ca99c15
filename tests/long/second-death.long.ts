import { afterAll, expect, it } from "vitest";
import { failed, reported } from "../gamedays/game-day.ts";
import { fileWriter } from "../gamedays/stage.ts";

const files = fileWriter();
afterAll(() => files.remove());

const DAY = `
title: A second worker dies while the fleet's limit lets none be restarted
hypothesis: [{ probe: agents.active, is: 8 }]
timeline:
  - { at: 0s, do: start_agents, count: 8 }
  - { at: 75s, do: kill_agent, which: 1 }
  - { at: 195s, do: kill_agent, which: 2 }
expect:
  - { alert: agent_unresponsive, within: 3m, times: 2 }
  - { resolved: all, within: 20m }
  - { probe: agents.active, is: 8 }
task_takes: 40s
until: 24m
rollback: [{ do: stop_agents }]
`;

it("the second dead worker is handed on, and replaced once the limit's window has room", async () => {
  const report = await reported(files.write(DAY));
  expect(failed(report)).toEqual([]);
  const told = report.timeline.map(({ text }) => text);
  const count = (pattern: RegExp) => told.filter((text) => pattern.test(text)).length;
  expect(count(/^watchdog.escalation /)).toBe(1);
  expect(count(/^agent.replacement_requested/)).toBe(2);
});
