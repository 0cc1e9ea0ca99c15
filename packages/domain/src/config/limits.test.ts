import { readFileSync } from "node:fs";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readLimits } from "./limits.ts";

const shipped = readFileSync(new URL("../../../../config/limits.yaml", import.meta.url), "utf8");
const limitsOf = (text: string | undefined, env: Record<string, string | undefined> = {}) => {
  const read = readLimits(text, "limits.yaml", env);
  if (!read.ok) throw new Error(read.faults.join("\n"));
  return read.value;
};
const faultsOf = (text: string | undefined, env: Record<string, string | undefined> = {}) => {
  const read = readLimits(text, "limits.yaml", env);
  return read.ok ? [] : read.faults;
};

test("the shipped file names every limit, with its default", () => {
  expect(parse(shipped)).toEqual(defaultLimits);
  expect(limitsOf(shipped)).toEqual(defaultLimits);
});

test("without a file the defaults hold", () => {
  expect(limitsOf(undefined)).toEqual(defaultLimits);
});

test("a file changes what it names, a variable what it names, whatever its case", () => {
  const value = limitsOf("lease_seconds: 9\nretention_days: { tasks: 2 }", {
    OMOI_LIMITS__LEASE_SECONDS: "5",
    omoi_limits__retention_days__samples: "1",
    OMOI_LIMITS__PRIORITY_BOOST_SECONDS__HIGH: "60",
    OMOI_LIMITS__CLAIM_RETRY_AFTER_MS__LEAST: "50",
    OMOI_LIMITS__AGENTS__VERSIONS: ">=2.0.0 <3.0.0",
    OMOI_LIMITS__LANES: '[{ "phase_id": "PHASE_TESTING", "required_capabilities": ["Testing"], "shards": 4 }]',
    OTHER: "x",
  });
  expect(value).toEqual({
    ...defaultLimits,
    lease_seconds: 5,
    retention_days: { ...defaultLimits.retention_days, tasks: 2, samples: 1 },
    priority_boost_seconds: { ...defaultLimits.priority_boost_seconds, HIGH: 60 },
    claim_retry_after_ms: { ...defaultLimits.claim_retry_after_ms, least: 50 },
    agents: { ...defaultLimits.agents, versions: ">=2.0.0 <3.0.0" },
    lanes: [{ phase_id: "PHASE_TESTING", required_capabilities: ["testing"], shards: 4 }],
  });
});

test.each([
  ["OMOI_LIMITS__LEASE_SECOND", "5", "unknown limit. Did you mean `OMOI_LIMITS__LEASE_SECONDS`?"],
  ["OMOI_LIMITS__RETENTION_DAYS__TASK", "5", "unknown limit. Did you mean `OMOI_LIMITS__RETENTION_DAYS__TASKS`?"],
  ["OMOI_LIMITS__COLOUR", "5", "unknown limit."],
  ["OMOI_LIMITS__LEASE_SECONDS__MORE", "5", "unknown limit."],
  ["OMOI_LIMITS__LEASE_SECONDS", "5s", 'must be a number, is "5s"'],
  ["OMOI_LIMITS__LEASE_SECONDS", "0", "must be more than 0"],
  ["OMOI_LIMITS__LEASE_SECONDS", " ", "is empty: give it a value, or unset it"],
  ["OMOI_LIMITS__RETENTION_DAYS", "7", "must be a map, is 7"],
  ["OMOI_LIMITS__RETENTION_DAYS", '{ "taks": 7 }', "unknown key `taks`. Did you mean `tasks`?"],
])("%s=%s is refused by name", (name, value, message) => {
  expect(faultsOf(undefined, { [name]: value })).toEqual([`${name}: ${message}`]);
});

test.each([
  ["lease_seconds: 1e15", "limits.yaml:1:16 lease_seconds: must be at most 1000000000"],
  ["retention_days: { tasks: 40000 }", "limits.yaml:1:26 retention_days.tasks: must be at most 36500"],
  ["same_failures: 2.5", "limits.yaml:1:16 same_failures: must be a whole number, is 2.5"],
  ["dispatch_agents_told: 0", "limits.yaml:1:23 dispatch_agents_told: must be at least 1"],
  ["claim_looks_again_ms: 1", "limits.yaml:1:23 claim_looks_again_ms: must be at least 10"],
  [
    "claim_retry_after_ms: { least: 9, most: 8 }",
    "limits.yaml:1:23 claim_retry_after_ms: least must not be more than most",
  ],
])("%s is out of its range", (text, fault) => {
  expect(faultsOf(text)).toEqual([fault]);
});

test("faults of the file and of variables come together", () => {
  expect(faultsOf("max_retries: many", { OMOI_LIMITS__COLOUR: "red", omoi_limits__CLAIM_PAGE: "1" })).toEqual([
    'limits.yaml:1:14 max_retries: must be a number, is "many"',
    "OMOI_LIMITS__COLOUR: unknown limit.",
    "omoi_limits__CLAIM_PAGE: must be at least 2",
  ]);
});

test("a limit that two variables set is refused, since their order means nothing", () => {
  const env = { OMOI_LIMITS__CLAIM_PAGE: "5", omoi_limits__claim_page: "6" };
  expect(faultsOf(undefined, env)).toEqual(["omoi_limits__claim_page: is set twice"]);
});
