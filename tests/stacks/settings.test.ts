import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { namesOf } from "../../stacks/names.ts";
import { settingsOf } from "../../stacks/settings.ts";
import { root, temporaryFolder } from "./folders.ts";

const path = join(temporaryFolder(), "stages.yaml");

const VALID = `defaults:
  log_retention_days: 30
  log_level: INFO
  api:
    rate_per_second: 200
    burst: 400
  removal_policy: destroy
  deletion_protection: false
  archive_days: 14
  max_waiting_claims: 0
  allow_private_webhooks: false
  audit_bucket: null
  oidc: []
  cloudwatch_alarms: []
  receivers: {}
  memory_mb: {}
  provisioned_capacity: {}
stages:
  prod:
    removal_policy: retain
    memory_mb:
      relay: 1024
  dev:
    api:
      burst: 7
`;

/** Settings of a stage from the valid file with one place replaced. */
function settingsWith(stage: string, from = "", to = "") {
  expect(VALID).toContain(from);
  writeFileSync(path, VALID.replace(from, to));
  return settingsOf(stage, path);
}

/** What is told of the file then: each fault's line, and its words. */
function faultsWith(from: string, to: string): [line: number, words: string][] {
  try {
    settingsWith("dev", from, to);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split("\n").map((text) => {
      const [, file, line, words = ""] = /^(.*?):(\d+):\d+ (.*)$/.exec(text) ?? [];
      expect(file).toBe(path);
      return [Number(line), words];
    });
  }
}

describe("a stage's settings", () => {
  test("are the defaults with what the stage changes", () => {
    const prod = settingsWith("prod");
    expect(prod).toMatchObject({ removal_policy: "retain", log_level: "INFO", memory_mb: { relay: 1024 } });
  });

  test("are the defaults for a stage that the file does not name", () => {
    expect(settingsWith("someone")).toMatchObject({ removal_policy: "destroy", memory_mb: {} });
  });

  test("change a part of a group without losing the rest", () => {
    expect(settingsWith("dev").api).toEqual({ rate_per_second: 200, burst: 7 });
  });

  test.each([
    [
      "a wrong type",
      "rate_per_second: 200",
      "rate_per_second: many",
      5,
      "defaults.api.rate_per_second: must be a number",
    ],
    [
      "a retention that CloudWatch lacks",
      "_days: 30",
      "_days: 8",
      2,
      "defaults.log_retention_days: must be one of 1, 3",
    ],
    ["an unknown key", "log_level", "log_levle", 3, "defaults: unknown key `log_levle`. Did you mean `log_level`?"],
    [
      "what is no mail address",
      "receivers: {}",
      "receivers: { ops: { email: nobody } }",
      15,
      "defaults.receivers.ops.email: Invalid email address",
    ],
    [
      "what is no receiver's name",
      "receivers: {}",
      "receivers: { On Call: { email: a@example.com } }",
      15,
      "defaults.receivers: `On Call` is no receiver's name",
    ],
    [
      "an unknown function",
      "relay: 1024",
      "rely: 1024",
      22,
      "stages.prod.memory_mb: unknown key `rely`. Did you mean `relay`?",
    ],
    ["memory that Lambda lacks", "relay: 1024", "relay: 64", 22, "stages.prod.memory_mb.relay: must be at least 128"],
    [
      "an issuer without https",
      "oidc: []",
      "oidc: [{ issuer: http://login.example.com, audience: omoios }]",
      13,
      "defaults.oidc[0].issuer: must be https",
    ],
    [
      "an issuer that is named twice",
      "oidc: []",
      "oidc: [{ issuer: https://a.example, audience: a }, { issuer: https://a.example, audience: b }]",
      13,
      "defaults.oidc: names an issuer twice",
    ],
    [
      "what is no alarm's name",
      "alarms: []",
      "alarms: [ok-*, 'all**']",
      14,
      "defaults.cloudwatch_alarms[1]: is no alarm's name",
    ],
    [
      "more names than a rule can hold",
      "alarms: []",
      `alarms: [${[..."abcdef"].map((letter) => letter.repeat(250)).join(", ")}]`,
      14,
      "defaults.cloudwatch_alarms: must have 1400 characters at most in sum",
    ],
    [
      "an unknown table",
      "capacity: {}",
      "capacity: { stat: { read_units: 1, write_units: 1 } }",
      17,
      "defaults.provisioned_capacity: unknown key `stat`. Did you mean `state`?",
    ],
    [
      "capacity without its half",
      "capacity: {}",
      "capacity: { state: { read_units: 1 } }",
      17,
      "defaults.provisioned_capacity.state.write_units: is missing",
    ],
    [
      "an unknown key of a stage",
      "burst: 7",
      "brust: 7",
      25,
      "stages.dev.api: unknown key `brust`. Did you mean `burst`?",
    ],
    ["a name that fits no stage", "  dev:", "  Dev_1:", 23, "stages: `Dev_1` cannot name a stage"],
    ["a stage that says nothing", "  dev:\n    api:\n      burst: 7", "  dev:", 23, "stages.dev: "],
    [
      "what is no duration",
      "waiting_claims: 0",
      "waiting_claims: -1",
      10,
      "defaults.max_waiting_claims: must be at least 0",
    ],
    [
      "what is neither yes nor no",
      "webhooks: false",
      "webhooks: maybe",
      11,
      "defaults.allow_private_webhooks: must be true or false",
    ],
    [
      "what is no bucket's name",
      "audit_bucket: null",
      "audit_bucket: Our.Audit",
      12,
      "defaults.audit_bucket: is no bucket's name",
    ],
    [
      "a policy that there is none of",
      "policy: destroy",
      "policy: keep",
      7,
      "defaults.removal_policy: must be one of destroy, retain",
    ],
    ["a missing value, at what should hold it", "  archive_days: 14\n", "", 2, "defaults.archive_days: is missing"],
    [
      "what is no YAML",
      "archive_days: 14",
      "archive_days: 14\n  archive_days: 15",
      10,
      "the key `archive_days` stands here twice",
    ],
  ])("tell the place of %s", (_, from, to, line, fault) => {
    expect(faultsWith(from, to)).toContainEqual([line, expect.stringContaining(fault)]);
  });

  test("tell every fault at once", () => {
    const faults = faultsWith("log_level: INFO", "log_level: LOUD\n  colour: red");
    expect(faults).toEqual([
      [3, expect.stringContaining('defaults.log_level: must be one of DEBUG, INFO, WARN, ERROR, is "LOUD"')],
      [4, expect.stringContaining("defaults: unknown key `colour`")],
    ]);
  });
});

test("the shipped settings protect prod, let the rehearsal go, and open private addresses to it alone", () => {
  const shipped = join(root, "config", "stages.yaml");
  expect(settingsOf("prod", shipped)).toMatchObject({ removal_policy: "retain", deletion_protection: true });
  // The emulator knows no archives.
  expect(settingsOf("rehearsal", shipped)).toMatchObject({ removal_policy: "destroy", archive_days: 0 });
  // Its receiver is on the machine that rehearses.
  const open = ["rehearsal", "prod", "dev", "any"].filter((stage) => settingsOf(stage, shipped).allow_private_webhooks);
  expect(open).toEqual(["rehearsal"]);
});

test("a file that is not there is told", () => {
  expect(() => settingsOf("dev", `${path}.none`)).toThrow(`${path}.none: there is no such file`);
});

test("a stage whose name fits no resource is refused", () => {
  for (const stage of ["Prod", "a_b", "1st", "", "a".repeat(25)]) {
    expect(() => namesOf(stage)).toThrow("cannot name a stage");
  }
});
