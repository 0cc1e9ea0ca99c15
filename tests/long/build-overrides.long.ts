import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readConfiguration } from "@omoios/app/built-configuration";
import { expect, onTestFinished, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

test("a policy's value that is set where a stage is built goes with its functions", () => {
  const root = mkdtempSync(join(tmpdir(), "omoi-build-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const name of ["functions", "packages", "scripts", "stacks", "config", "package.json", "tsconfig.json"])
    cpSync(join(ROOT, name), join(root, name), { recursive: true, filter: (from) => !from.includes("node_modules") });
  for (const name of ["node_modules", "packages/domain/node_modules"]) symlinkSync(join(ROOT, name), join(root, name));
  const env = { ...process.env, OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDOWN: "31s" };
  const built = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, env, encoding: "utf8" });
  expect({ stderr: built.stderr, status: built.status }).toEqual({ stderr: expect.any(String), status: 0 });
  const { watchdog_policies } = readConfiguration(join(root, ".build", "functions", "watchdog", "config"), {});
  expect(watchdog_policies.find(({ name }) => name === "worker_restart")?.limits.cooldown).toBe("31s");
});
