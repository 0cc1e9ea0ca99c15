import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkStage } from "../../../../stacks/check-stage.ts";
import { namesOf } from "../../../../stacks/names.ts";
import { keepSdkQuiet } from "../ask-aws.ts";
import { neededSecrets } from "../secret-readers.ts";
import { type Finding, fault, note, ok } from "./finding.ts";
import { judgeClock, judgeNode, judgeQuota, judgeSecrets, judgeStack } from "./judge.ts";
import { functionsAtOnceNeeded, putEventsNeeded } from "./needs.ts";

const ROUTING = join("config", "alert_routing.yaml");
const BOOTSTRAP_STACKS = ["CDKToolkit", "SSTBootstrap"];
const LESS_LOAD = "or lower api.rate_per_second in config/stages.yaml.";

/** Everything that a first deployment of a stage stands on: this machine, the settings in this folder, and the account that the environment leads to. */
export async function examine(stage: string, now: () => number): Promise<Finding[]> {
  const settings = tried(() => checkStage(stage, "."));
  const own = [
    judgeNode(process.versions.node),
    settings instanceof Error ? fault("settings", settings.message, "Mend the file.") : ok("settings", `of ${stage}`),
  ];
  if (!(settings instanceof Error))
    own.push(
      await routingFinding(settings.allow_private_webhooks),
      await rulesFinding(),
      await watchdogFinding(),
      await guardianFinding(),
    );
  keepSdkQuiet();
  const { whereabouts, identity } = await import("@omoios/adapters/account/account");
  const at = await whereabouts().catch((error: Error) => error);
  if (at instanceof Error)
    return [...own, fault("region", at.message, "Set AWS_REGION, or the region of the profile.")];
  const clock = await judged("clock", "Is there a way to AWS from here?", async () => {
    const { serverTime } = await import("@omoios/adapters/account/server-time");
    return judgeClock(now() - (await serverTime(at.region)));
  });
  own.push(ok("region", at.region), clock);
  const who = await identity().catch((error: Error) => error);
  if (who instanceof Error) {
    const remedy =
      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; log in again where they have run out.";
    return [...own, fault("credentials", reasonOf(who), remedy)];
  }
  const load = settings instanceof Error ? undefined : settings;
  const account = [...BOOTSTRAP_STACKS.map(stackFinding), secretsFinding(stage)];
  const quotas = load ? [functionsFinding(load), putEventsFinding(load, at)] : [];
  return [...own, ok("credentials", who.arn), ...(await Promise.all([...account, ...quotas]))];
}

/** Who is told of alerts, as far as the files say it. */
const routingFinding = (plain: boolean) =>
  judged("alert routing", "Mend the file.", async () => {
    const { readRouting } = await import("@omoios/domain/alerting/routing-file");
    const { webhookFault } = await import("@omoios/adapters/messaging/webhooks");
    const read = readRouting(readFileSync(ROUTING, "utf8"), ROUTING, { plain, faultOf: webhookFault(plain) });
    if (!read.ok) return fault("alert routing", read.faults.join("; "), "Mend the file.");
    return ok("alert routing", `to ${read.value.receivers.map(({ name }) => name).join(", ")}`);
  });

/** A rule that is wrong is left out by the stage, which goes on without it: here it is a fault. */
const rulesFinding = () =>
  judged("alert rules", "Mend the file.", async () => {
    const { readRules } = await import("@omoios/domain/alerting/rules/rule-file");
    const { readRouting } = await import("@omoios/domain/alerting/routing-file");
    const routing = readRouting(readFileSync(ROUTING, "utf8"), ROUTING);
    const receivers = routing.ok ? new Set(routing.value.receivers.map(({ name }) => name)) : undefined;
    const files = await yamlFiles("alert_rules");
    const { rules, faults } = readRules(files, { receivers });
    return faults.length > 0
      ? fault("alert rules", faults.join("; "), "Mend the file.")
      : ok("alert rules", `${rules.length} in ${files.length} files`);
  });

async function yamlFiles(folder: string) {
  const { yamlFilesOf } = await import("@omoios/app/yaml-files");
  return yamlFilesOf(join("config", folder));
}

/** What the watchdog does by itself. A policy that is wrong keeps the stage from being built. */
const watchdogFinding = () =>
  judged("watchdog policies", "Mend the file.", async () => {
    const { readPolicies } = await import("@omoios/domain/watchdog/policy-file");
    const read = readPolicies(await yamlFiles("watchdog_policies"));
    if (!read.ok) return fault("watchdog policies", read.faults.join("; "), "Mend the file.");
    return ok("watchdog policies", read.value.map(({ name }) => name).join(", "));
  });

/** What the guardian does by itself. Without a file it does nothing. */
const guardianFinding = () =>
  judged("guardian policies", "Mend the file.", async () => {
    const { readGuardianPolicies } = await import("@omoios/domain/guardian/policy-file");
    const read = readGuardianPolicies(await yamlFiles("guardian_policies"));
    if (!read.ok) return fault("guardian policies", read.faults.join("; "), "Mend the file.");
    const on = read.value.filter(({ enabled }) => enabled).map(({ name }) => name);
    return ok("guardian policies", on.length === 0 ? "none" : on.join(", "));
  });

type Load = Parameters<typeof putEventsNeeded>[0];
type Whereabouts = Parameters<typeof import("@omoios/adapters/account/service-quotas").quotaOf>[0];

const stackFinding = (name: string) =>
  judged(name, "The deployment needs cloudformation:DescribeStacks and more.", async () => {
    const { stackStatus } = await import("@omoios/adapters/account/account");
    return judgeStack(name, await stackStatus(name));
  });

const secretsFinding = (stage: string) =>
  judged("secrets", "Allow ssm:DescribeParameters.", async () => {
    const { listSecrets } = await import("@omoios/adapters/secrets/stage-secrets");
    const { ssmClient } = await import("@omoios/adapters/clients");
    const { secrets } = namesOf(stage);
    const there = (await listSecrets(ssmClient(), secrets)).map(({ path }) => path.slice(secrets.length));
    return judgeSecrets(
      stage,
      neededSecrets().filter((name) => !there.includes(name)),
    );
  });

const functionsFinding = (load: Load) =>
  judged("functions at once", "Allow lambda:GetAccountSettings.", async () => {
    const { functionsAtOnce } = await import("@omoios/adapters/account/account");
    const remedy = `Ask for more "Concurrent executions" (L-B99A9384) in Service Quotas, ${LESS_LOAD}`;
    return judgeQuota("functions at once", await functionsAtOnce(), functionsAtOnceNeeded(load), remedy);
  });

/** An account that does not let us look at its quotas can be deployed to all the same. */
const putEventsFinding = async (load: Load, at: Whereabouts): Promise<Finding> => {
  const check = "PutEvents a second";
  const remedy = `Ask for a higher "PutEvents throttle limit" of EventBridge in Service Quotas, ${LESS_LOAD}`;
  const needs = putEventsNeeded(load);
  const { quotaOf } = await import("@omoios/adapters/account/service-quotas");
  return quotaOf(at, "events", /PutEvents throttle limit/i).then(
    (has) => judgeQuota(check, has, needs, remedy),
    (error: Error) =>
      note(check, `${reasonOf(error)}; the stage needs ${needs}`, "Allow servicequotas:ListServiceQuotas."),
  );
};

/** A check that fails is a finding. */
async function judged(check: string, remedy: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return fault(check, reasonOf(error), remedy);
  }
}

/** What was thrown, with what stands behind it: `fetch failed` alone says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  return `${name}: ${message}${cause instanceof Error ? `: ${cause.message}` : ""}`;
}

function tried<T>(act: () => T): T | Error {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
