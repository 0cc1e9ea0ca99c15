import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { callApi } from "../harness/call-api.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";

const SMALL = `# The smallest way from an idea to its end.
id: small
name: Small   # as the board shows it
columns: [{ id: all, name: All }]
phases:
  - { id: PHASE_WAIT, name: Wait, order: 0, column: all, execution_mode: exploration, allowed_transitions: [PHASE_WORK] }
  - id: PHASE_WORK
    name: Work
    order: 1
    column: all
    execution_mode: implementation
    allowed_transitions: [PHASE_END]
    task_templates: [{ key: only, title: "Do \${ticket.title}", task_type: work, when: { not: { label: 'none' } } }]
    gate: { artifacts: [result] }
  - { id: PHASE_END, name: End, order: 2, column: all, execution_mode: validation, terminal: true }
`;

const config = mkdtempSync(join(tmpdir(), "omoi-workflows-test-"));
let plane: TestPlane;
beforeAll(async () => {
  cpSync(fileURLToPath(new URL("../../config", import.meta.url)), config, { recursive: true });
  writeFileSync(join(config, "workflows/small.yaml"), SMALL);
  plane = await startTestPlane({}, { config, timeless: true });
});
afterAll(async () => {
  await plane.stop();
  rmSync(config, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}, key = plane.operator_key) =>
  callApi((request) => fetch(new URL(new URL(request.url).pathname, plane.url), request), "GET", path, {
    key,
    headers,
  });
const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });

it("lists the workflows that tickets may have, and shows one as it is in force", async () => {
  const { items } = await plane.operator.listWorkflows();
  expect(items.map(({ id, is_default }) => [id, is_default])).toEqual([
    ["small", false],
    ["software_development", true],
  ]);
  expect(items[0]?.phase_ids).toEqual(["PHASE_WAIT", "PHASE_WORK", "PHASE_END"]);
  const small = await plane.operator.getWorkflow({ params: { name: "small" } });
  expect(small.phases[1]).toMatchObject({
    gate: { artifacts: ["result"], criteria: [] },
    task_templates: [{ key: "only", depends_on: [], when: { not: { label: "none" } } }],
  });
  expect(await plane.operator.createTicket({ body: { title: "A", workflow: "small" } })).toMatchObject({
    workflow: "small",
    phase_id: "PHASE_WAIT",
  });
});

it("answers YAML where that is preferred: the file, with its comments and its order", async () => {
  const asked = { accept: "application/json;q=0.5, application/yaml" };
  const answer = await get("/workflows/small", asked);
  expect([answer.status, answer.headers.get("content-type"), answer.headers.get("vary")]).toEqual([
    200,
    "application/yaml",
    "Accept",
  ]);
  expect(await plane.operator.getWorkflow({ params: { name: "small" } }, { accept: "application/yaml" })).toBe(SMALL);
  for (const accept of ["*/*", "application/yaml;q=0.5, application/json", "text/html"]) {
    const { body, headers } = await get("/workflows/small", { accept });
    expect([accept, headers.get("content-type"), body.id]).toEqual([accept, "application/json", "small"]);
  }
});

it("what names no workflow is a 404, as JSON whatever was asked for", async () => {
  for (const name of ["smal", "Not%20one"]) {
    const { status, body, headers } = await get(`/workflows/${name}`, { accept: "application/yaml" });
    expect([status, body.code]).toEqual([404, "workflow.not_found"]);
    expect(headers.get("content-type")).toBe("application/problem+json");
  }
});

it("omoi lists and shows them, and writes one to a file that is in order", async () => {
  expect((await omoi("workflow", "list")).out).toContain("software_development (default)");
  const shown = (await omoi("workflow", "show", "small")).out;
  expect(shown).toMatch(/PHASE_WORK +all +PHASE_END +only +result/);
  expect(JSON.parse((await omoi("workflow", "show", "small", "--json")).out).id).toBe("small");
  const { out, exit } = await omoi("workflow", "show", "software_development", "--yaml");
  expect([out, exit]).toEqual([readFileSync(join(config, "workflows/software_development.yaml"), "utf8"), 0]);
  expect(parse(out).id).toBe("software_development");
  const missing = await omoi("workflow", "show", "smal");
  expect([missing.exit, missing.err]).toEqual([1, expect.stringContaining("There is no workflow smal.")]);
});

it("omoi tells all that is wrong with files, of form and of meaning, with their places", async () => {
  const bad = join(config, "bad.yaml");
  writeFileSync(bad, SMALL.replace("order: 1", "order: one").replace("[PHASE_END]", "[PHASE_EDN]"));
  const whole = join(config, "workflows/small.yaml");
  expect(await omoi("workflow", "check", whole)).toEqual({ out: "1 workflow is in order\n", err: "", exit: 0 });
  const { out, exit } = await omoi("workflow", "check", bad, whole, whole);
  expect(out.split("\n")).toEqual([
    `${bad}:9:12 phases[1].order: must be a number, is "one"`,
    `${bad}:12:27 phases[1].allowed_transitions[0]: there is no phase PHASE_EDN. Did you mean \`PHASE_END\`?`,
    `${whole}:2:5 id: there is a workflow small already, in another file`,
    "",
  ]);
  expect(exit).toBe(2);
});
