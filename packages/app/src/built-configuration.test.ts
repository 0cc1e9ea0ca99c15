import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { readConfiguration as readBuilt, writeConfiguration } from "./built-configuration.ts";
import { readConfiguration } from "./configuration.ts";

const source = fileURLToPath(new URL("../../../config", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "omoi-built-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it("says what the YAML says, with the same variables over it", () => {
  writeConfiguration(dir, readConfiguration(source, {}));
  const variables = {
    OMOI_LIMITS__LEASE_SECONDS: "7",
    OMOI_LIMITS__RETENTION_DAYS__TASKS: "3",
    OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDOWN: "30s",
  };
  expect(readBuilt(dir, variables)).toEqual(readConfiguration(source, variables));
});

it("refuses a wrong variable by its name", () => {
  writeConfiguration(dir, readConfiguration(source, {}));
  expect(() => readBuilt(dir, { OMOI_LIMITS__LEASE_SECOND: "7" })).toThrow(/OMOI_LIMITS__LEASE_SECOND: unknown limit/);
  const variable = "OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDOWN";
  expect(() => readBuilt(dir, { [variable]: "30" })).toThrow(`${variable}: limits.cooldown: must be a duration`);
});
