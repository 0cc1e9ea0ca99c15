import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("bin/plaincsv.js", import.meta.resolve("plaincsv/package.json")));
const plaincsv = (args, input) => spawnSync(process.execPath, [command, ...args], { input, encoding: "utf8" });

test("the command turns CSV into JSON and back", () => {
  const csv = 'name,motto\nAda,"first, and ""only"""\n';
  const json = plaincsv(["to-json"], csv);
  assert.equal(json.status, 0, json.stderr);
  assert.deepEqual(JSON.parse(json.stdout), [{ name: "Ada", motto: 'first, and "only"' }]);
  const back = plaincsv(["from-json"], json.stdout);
  assert.equal(back.stdout, csv);
});

test("the command says which file is missing and ends with 1", () => {
  const { status, stderr } = plaincsv(["to-json", "missing.csv"], "");
  assert.equal(status, 1);
  assert.match(stderr, /missing\.csv/);
});

test("the command shows its usage and ends with 2 where it is used wrongly", () => {
  const { status, stderr } = plaincsv(["fold"], "");
  assert.equal(status, 2);
  assert.match(stderr, /Usage: plaincsv/);
});
