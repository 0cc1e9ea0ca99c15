import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";

let plane: TestPlane;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "omoi-rule-commands-"));
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(async () => {
  await plane.stop();
  rmSync(dir, { recursive: true });
});

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const SLOW = `name: slow
metric: agent.progress_age_seconds
condition: value > 600
severity: warning
for: 5m
labels: { team: "{{labels.agent_id}}-owner", area: work }
`;

test("a rule is made from a file, listed beside the shipped ones, shown, and taken out of force", async () => {
  const made = await omoi("rules", "create", "--file", file("slow.yaml", SLOW));
  expect(made).toMatchObject({ exit: 0, err: "", out: expect.stringMatching(/^rule +slow\nfrom +api\n/) });
  const listed = await omoi("rules", "list");
  expect(listed.out).toMatch(/^RULE +SEVERITY +FROM +ENABLED +FOR +METRIC +CONDITION$/m);
  expect(listed.out).toMatch(/^slow +warning +api +yes +5m +agent\.progress_age_seconds +value > 600$/m);
  expect(listed.out).toMatch(/^watchdog_escalation +critical +file +yes /m);
  const { out } = await omoi("rules", "show", "slow");
  expect(out).toMatch(/^labels +area=work team=\{\{labels\.agent_id\}\}-owner$/m);
  const row = { name: "slow", source: "api", for: "5m" };
  expect(JSON.parse((await omoi("rules", "show", "slow", "--json")).out)).toMatchObject(row);
  expect((await omoi("rules", "delete", "slow")).out).toBe(
    "slow is out of force; the next sweep resolves its alerts\n",
  );
  expect(await omoi("rules", "show", "slow")).toMatchObject({ exit: 1, err: expect.stringContaining("no such alert") });
  const { items } = JSON.parse((await omoi("rules", "list", "--json")).out);
  expect(items.map(({ name }: { name: string }) => name)).toContain("watchdog_escalation");
  expect(items.map(({ name }: { name: string }) => name)).not.toContain("slow");
});

test("a rule of a file takes the place of the one before, is disabled and enabled; one of the configuration is changed there", async () => {
  const text = SLOW.replace("slow", "put");
  expect((await omoi("rules", "put", file("put.yaml", text))).out).toMatch(/^rule +put\nfrom +api$/m);
  const again = await omoi("rules", "put", file("put.yaml", text.replace("600", "900")));
  expect(again.out).toMatch(/^condition +value > 900$/m);
  expect((await omoi("rules", "disable", "put")).out).toMatch(/^enabled +no$/m);
  const shown = JSON.parse((await omoi("rules", "show", "put", "--json")).out);
  expect(shown).toMatchObject({ enabled: false, condition: "value > 900", version: 3, for: "5m" });
  expect((await omoi("rules", "enable", "put")).out).toMatch(/^enabled +yes$/m);
  expect(await omoi("rules", "disable", "watchdog_escalation")).toMatchObject({
    exit: 1,
    err: expect.stringContaining("config/alert_rules"),
  });
  const bad = await omoi("rules", "put", file("bad.yaml", text.replace("value", "walue")));
  expect(bad).toMatchObject({ exit: 2, out: expect.stringMatching(/bad\.yaml:3:12 /) });
});

test("of several rules those before a refused one are named, since they are in force", async () => {
  const rule = (name: string) =>
    `  - { name: ${name}, metric: agents_active, condition: value < 1, severity: error }\n`;
  const path = file("several.yaml", `rules:\n${["first", "watchdog_escalation", "last"].map(rule).join("")}`);
  const { out, err, exit } = await omoi("rules", "create", "--file", path, "--json");
  expect([out, exit]).toEqual(["", 1]);
  expect(err).toMatch(/^watchdog_escalation was not made; made before it: first\nomoi: There is a rule of that name\n/);
  const { items } = JSON.parse((await omoi("rules", "list", "--json")).out) as { items: { name: string }[] };
  const own = items.map(({ name }) => name).filter((name) => name === "first" || name === "last");
  expect(own).toEqual(["first"]);
});

test("a file with faults makes nothing; they stand at their places, and the answer is 2", async () => {
  const path = file(
    "bad.yaml",
    `rules:\n  - { ${SLOW.trim().split("\n").slice(0, 4).join(", ").replace(">", ">>")} }\n`,
  );
  const { out, exit } = await omoi("rules", "create", "--file", path);
  expect([out, exit]).toEqual([expect.stringMatching(/bad\.yaml:2:\d+ rules\[0\]\.condition: unknown operator/), 2]);
  const unknown = file("unknown.yaml", `${SLOW.replace("slow", "lost")}routing: [nobody]\n`);
  const refused = await omoi("rules", "create", "--file", unknown);
  expect(refused).toMatchObject({ exit: 2, out: "", err: expect.stringMatching(/^lost was not made\nomoi: .*nobody/) });
  expect(await omoi("rules", "create", "--file", file("none.yaml", "rules: []\n"))).toMatchObject({
    exit: 2,
    err: expect.stringContaining("has no rule"),
  });
  expect((await omoi("rules", "create")).err).toContain("required option '--file <file>'");
});

test("a rule of a file is not taken out of force by a command", async () => {
  const { err, exit } = await omoi("rules", "delete", "watchdog_escalation");
  expect([err, exit]).toEqual([expect.stringContaining("config/alert_rules"), 1]);
});

test("agents are found by what they can do, the fittest first, with score and reasons", async () => {
  const able = await plane.agent({ capabilities: ["paint", "sand"] });
  const half = await plane.agent({ capabilities: ["sand"] });
  const { out } = await omoi("agent", "search", "--capabilities", "paint,sand");
  const [head, ...rows] = out.trimEnd().split("\n");
  expect(head).toMatch(/^AGENT +NAME +STATUS +SCORE +WHY$/);
  expect(rows).toEqual([
    expect.stringMatching(new RegExp(`^${able.agent_id} .* IDLE +1\\.\\d\\d +covers the need, is idle, beats, `)),
    expect.stringMatching(new RegExp(`^${half.agent_id} .* IDLE +\\d\\.\\d\\d +lacks paint, is idle`)),
  ]);
  const words = ["--capabilities", "paint,sand", "--limit", "1", "--json"];
  expect(JSON.parse((await omoi("agent", "search", ...words)).out)).toMatchObject({
    items: [{ agent_id: able.agent_id, covers: true, why: expect.arrayContaining(["covers the need"]) }],
    more: false,
  });
  expect((await omoi("agent", "search", "--capabilities", "weld")).out).toBe("no agents\n");
  expect((await omoi("agent", "search", "--status", "lazy")).exit).toBe(2);
});
