import { alertRule } from "@omoios/contracts/shapes/alert-rule";
import { expect, test } from "vitest";
import { checkRule } from "../../alerting/rules/check-rule.ts";
import { backtest } from "./backtest.ts";
import { newSeries, type SeriesStore } from "./model.ts";

const HOUR_MS = 3_600_000;
const SPAN = { from: 0, until: HOUR_MS };

function rule() {
  const metric = "agent.heartbeat.missed";
  const read = checkRule(alertRule().parse({ name: "missed", metric, condition: "value > 2", severity: "warning" }));
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.rule;
}

/** Series with so many samples each, all within the hour, of which the last is over the rule's bound. */
function storeOf(series: number, samples: number) {
  let pages = 0;
  const all = Array.from({ length: series }, (_, n) =>
    newSeries({ id: `${n}`, metric: "agent.heartbeat.missed", labels: { agent_id: `a${n}` } }),
  );
  const store: Pick<SeriesStore, "page" | "history"> = {
    page: async () => ({ rows: all, cursor: undefined }),
    async history(_key, _span, { limit = 1_000, cursor = "0" }) {
      pages++;
      const begin = Number(cursor);
      const end = Math.min(begin + limit, samples);
      const points = Array.from({ length: end - begin }, (_, at): [number, number] => [
        Math.floor(((begin + at) / samples) * HOUR_MS),
        begin + at === samples - 1 ? 3 : 0,
      ]);
      return { rows: points, cursor: end < samples ? String(end) : undefined };
    },
  };
  return { store: store as SeriesStore, pages: () => pages };
}

test("every sample of the span is judged, to its end", async () => {
  const { store } = storeOf(2, 5_000);
  const { fired } = await backtest(store, rule(), {}, SPAN);
  expect(fired.map(({ labels }) => labels.agent_id)).toEqual(["a0", "a1"]);
});

test.each([
  [1, 200_001],
  [50, 5_000],
])("%i series of %i samples are too many for one call, and are not read to their end", async (series, samples) => {
  const { store, pages } = storeOf(series, samples);
  await expect(backtest(store, rule(), {}, SPAN)).rejects.toMatchObject({
    code: "request.invalid",
    errors: [{ path: "/from", message: expect.stringContaining("200000 samples") }],
  });
  expect(pages()).toBeLessThanOrEqual(220);
});
