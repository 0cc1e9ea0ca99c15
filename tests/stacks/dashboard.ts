import { describe, expect, test } from "vitest";
import { boundedFigures } from "../../packages/contracts/src/bounded-figures.ts";
import { queueReaders, queues, streamReaders } from "../../packages/contracts/src/topology.ts";
import { dev } from "./stages.ts";
import { ofType, text } from "./synthesized.ts";

interface Widget {
  properties: { title: string; metrics: (string | object)[][] };
}

const [[, page] = []] = ofType(dev, "AWS::CloudWatch::Dashboard");
const { widgets }: { widgets: Widget[] } = JSON.parse(text(page?.Properties.DashboardBody));

const metricsOf = (title: string): (string | object)[][] =>
  widgets.find(({ properties }) => properties.title === title)?.properties.metrics ?? [];

/** The queues whose figures a widget shows. */
const queuesOf = (title: string) => metricsOf(title).map(([, , , queue]) => queue);

const named = (name: string) => `dev-omoios-${name}`;

describe("the dashboard", () => {
  test.each([
    ["Fleet", ["agents_active", "agents_stale", "agents_failed"]],
    ["Queued tasks by priority", ["CRITICAL", "HIGH", "MEDIUM", "LOW"]],
    ["Active alerts", ["info", "warning", "error", "critical"]],
    ["Notifications", ["delivered", "retried", "refused", "gave_up"]],
  ])("shows of the plane: %s", (title, expected) => {
    const shown = metricsOf(title).map((metric) => expected.find((name) => metric.includes(name)));
    expect(shown).toEqual(expected);
  });

  test("shows no figure of the plane that the plane does not tell", () => {
    const told = Object.entries(boundedFigures).flatMap(([dimension, names]) =>
      names.map((name) => `${name} by ${dimension}`),
    );
    const shown = widgets
      .flatMap(({ properties }) => properties.metrics)
      .filter(([namespace]) => namespace === "OmoiOS")
      .map(([, name, ...rest]) => {
        const of = rest.filter((part) => typeof part === "string").filter((_, n) => n % 2 === 0);
        return `${name} by ${of.find((dimension) => dimension !== "stage") ?? "stage"}`;
      });
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((figure) => !told.includes(figure))).toEqual([]);
  });

  test("shows what waits in each queue that is read, and every queue of dead letters that an alarm watches", () => {
    const read = queueReaders.map(({ queue }) => named(queue));
    expect(queuesOf("Waiting messages")).toEqual(read);
    expect(queuesOf("Oldest message, s")).toEqual(read);
    const last = [
      ...queues.flatMap((row) => ("max_receives" in row ? [`${row.name}-dlq`] : [])),
      ...streamReaders.map((row) => `${row.function}-stream-dlq`),
      "relay-parked",
      "notification-dead-letters",
    ];
    expect([...queuesOf("Dead letters")].sort()).toEqual(last.map(named).sort());
  });
});
