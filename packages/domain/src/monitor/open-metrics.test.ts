import { expect, test } from "vitest";
import { openMetrics } from "./open-metrics.ts";
import { newSeries } from "./series/model.ts";

const series = (metric: string, value: number, labels: Record<string, string> = {}) => ({
  ...newSeries({ id: metric, metric, labels }),
  recent: [[1_500, value]] as const,
});

test("each metric with its type, unit and meaning, and the last sample of each series, in a fixed order", () => {
  const text = openMetrics([
    series("ticket.blocked", 1, { ticket_id: 'a "b"\\\n' }),
    series("tasks_completed_total", 7, { phase_id: "P2" }),
    series("tasks_completed_total", 3, { phase_id: "P1" }),
    series("watchdog.actions", 2),
    series("task_wait_seconds", 0.25),
  ]);
  expect(text).toBe(`# TYPE task_wait_seconds unknown
# UNIT task_wait_seconds seconds
# HELP task_wait_seconds From ready to claimed
task_wait_seconds 0.25
# TYPE tasks_completed counter
# HELP tasks_completed Tasks that completed
tasks_completed_total{phase_id="P1"} 3
tasks_completed_total{phase_id="P2"} 7
# TYPE ticket_blocked gauge
# HELP ticket_blocked 1 while the ticket is blocked
ticket_blocked{ticket_id="a \\"b\\"\\\\\\n"} 1
# TYPE watchdog_actions counter
# HELP watchdog_actions Actions of the watchdog
watchdog_actions_total 2
# EOF
`);
});

test("of no series there is an end", () => {
  expect(openMetrics([])).toBe("# EOF\n");
});
