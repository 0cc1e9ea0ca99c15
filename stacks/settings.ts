import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { oidcIssuers } from "../packages/contracts/src/oidc.ts";
import { tables } from "../packages/contracts/src/tables.ts";
import { functions } from "../packages/contracts/src/topology.ts";
import { type ConfigRead, readYaml } from "../packages/domain/src/config/read.ts";
import { isStageName, STAGE_NAME_RULE } from "./names.ts";

/** The retentions that CloudWatch Logs offers. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const ALARM_NAME = /^(?!.*\*\*)[ -[\]-~]{1,255}$/;
/** A rule's pattern may have 2,048 characters. */
const ALARM_NAMES_LENGTH = 1_400;

/** An unknown name is told as an unknown setting, at its own place. */
const byFunction = z.enum(functions.map((row) => row.name));
const byTable = z.enum(tables.map((row) => row.name));
const units = z.int().min(1).max(40_000);

const settings = z.strictObject({
  log_retention_days: z
    .int()
    .refine((days) => RETENTION_DAYS.includes(days), `must be one of ${RETENTION_DAYS.join(", ")}`),
  log_level: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
  /** Requests that the HTTP API lets through; above them it answers 429. */
  api: z.strictObject({ rate_per_second: z.int().min(1).max(10_000), burst: z.int().min(1).max(5_000) }),
  /** What becomes of the tables when the stage is removed. */
  removal_policy: z.enum(["destroy", "retain"]),
  /** Guards tables against deletion and refuses `sst remove`; to be lifted by a deployment before the stage is removed. */
  deletion_protection: z.boolean(),
  /** How long the bus keeps events for a replay; 0 for no archive. */
  archive_days: z.int().min(0).max(3650),
  /** Claims of the whole stage that may wait for work at a time; waiting is paid by the millisecond. */
  max_waiting_claims: z.int().min(0).max(1_000),
  /** Whether webhooks may go to private and loopback addresses. */
  allow_private_webhooks: z.boolean(),
  /** The S3 bucket that the audit is exported to, in the stage's region; null for none. A dot in its name would break TLS. */
  audit_bucket: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      "is no bucket's name: use 3 to 63 lower-case letters, digits and hyphens",
    )
    .nullable(),
  /** Whose mails the stage sends; an address or domain that SES has verified. Without it none is sent. */
  mail_from: z.email().optional(),
  /** Where spans are sent, and which share of the traces that begin here; without it nothing is recorded. */
  traces: z
    .strictObject({ endpoint: z.url({ protocol: /^https?$/ }), ratio: z.number().min(0).max(1).default(1) })
    .optional(),
  /** Issuers whose tokens people and services may bring in place of a key. */
  oidc: oidcIssuers,
  /** Alarms of CloudWatch that are alerts beside the stage's own, by name; a star stands for any characters. */
  cloudwatch_alarms: z
    .array(z.string().regex(ALARM_NAME, "is no alarm's name: use ASCII without backslashes, and no two stars in a row"))
    .max(20)
    .refine((names) => names.join("").length <= ALARM_NAMES_LENGTH, {
      error: `must have ${ALARM_NAMES_LENGTH} characters at most in sum: a star can stand for what names have in common`,
    }),
  /** Whom alarms reach, by a name of one's own; each address confirms its subscription once. */
  receivers: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, "is no receiver's name: use lower-case letters, digits and hyphens"),
    z.strictObject({ email: z.email() }),
  ),
  /** Memory by function where it differs from the topology. */
  memory_mb: z.partialRecord(byFunction, z.int().min(128).max(10_240)),
  /** Capacity by table, for the table and for each of its indexes; a table without is paid by request. */
  provisioned_capacity: z.partialRecord(byTable, z.strictObject({ read_units: units, write_units: units })),
});

/** The settings of one stage. */
export type Settings = z.infer<typeof settings>;

/** What tells OpenTelemetry where to send spans, and which: what the caller of a request decided comes first. */
export function traceVariables(traces: Settings["traces"]): Record<string, string> {
  if (traces === undefined) return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: String(traces.ratio),
  };
}

const file = z.strictObject({
  defaults: settings,
  stages: z.record(
    z.string().refine(isStageName, STAGE_NAME_RULE),
    settings.partial().extend({ api: settings.shape.api.partial().optional() }),
  ),
});

/**
 * Reads `config/stages.yaml`: the defaults with what the stage changes. A stage that the file does not name has the defaults.
 * @throws with a line `file:line:column text` for each fault
 */
export function settingsOf(stage: string, path: string): Settings {
  if (!existsSync(path)) throw new Error(`${path}: there is no such file`);
  const read = readSettings(stage, path);
  if (!read.ok) throw new Error(read.faults.join("\n"));
  return read.value;
}

/** As `settingsOf`, for a file that is there; the faults are given and not thrown. */
export function readSettings(stage: string, path: string): ConfigRead<Settings> {
  const read = readYaml(readFileSync(path, "utf8"), path, file);
  if (!read.ok) return read;
  const { defaults, stages } = read.value;
  const changes = stages[stage] ?? {};
  const value = settings.parse({
    ...defaults,
    ...changes,
    api: { ...defaults.api, ...changes.api },
    receivers: { ...defaults.receivers, ...changes.receivers },
    memory_mb: { ...defaults.memory_mb, ...changes.memory_mb },
    provisioned_capacity: { ...defaults.provisioned_capacity, ...changes.provisioned_capacity },
  });
  return { ok: true, value };
}
