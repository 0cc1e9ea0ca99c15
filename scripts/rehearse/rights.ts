import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { FunctionName } from "../../packages/contracts/src/topology-types.ts";
import { denials } from "./denials.ts";

/** A right of a function, and something that it cannot do without it. */
export interface Trial {
  function: FunctionName;
  /** An action of its role, such as `dynamodb:GetItem`. */
  right: string;
  /** Has the function do it, and says whether it succeeded. */
  act: () => Promise<boolean>;
}

interface Policy {
  Statement: { Action: string | string[] }[];
}

const POLICY = "topology";
const iam = new IAMClient({});

/**
 * Takes a right from a function's role, sees the function refused, and gives it back.
 * @throws where the function succeeds without it, its log tells of no denial, or it fails again with it
 */
export async function tryWithout({ function: name, right, act }: Trial, function_name: string): Promise<void> {
  const role = await roleOf(function_name);
  const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: POLICY }));
  const whole = decodeURIComponent(PolicyDocument);
  const began = Date.now();
  await put(role, without(whole, right));
  try {
    if (await act()) throw new Error(`${name} succeeded without its right to ${right}.`);
  } finally {
    await put(role, whole);
  }
  const denied = await denials(`/aws/lambda/${function_name}`, began);
  if (!denied.some((line) => line.endsWith(` lacks ${right}`))) {
    throw new Error(
      `${name} failed without ${right}, but for another reason: ${denied.join(", ") || "no denial is logged"}`,
    );
  }
  if (!(await act())) throw new Error(`${name} fails although it has its right to ${right} again.`);
}

async function roleOf(function_name: string): Promise<string> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: function_name });
  const { Role } = await new LambdaClient({}).send(command);
  const name = Role?.split("/").at(-1);
  if (!name) throw new Error(`${function_name} has no role.`);
  return name;
}

const put = (RoleName: string, PolicyDocument: string) =>
  iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY, PolicyDocument }));

/** @throws unless the policy allows the action */
function without(policy: string, right: string): string {
  const document: Policy = JSON.parse(policy);
  const kept = document.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((action) => action !== right),
  })).filter(({ Action }) => Action.length > 0);
  const before = document.Statement.flatMap(({ Action }) => Action).length;
  if (kept.flatMap(({ Action }) => Action).length === before) throw new Error(`No statement allows ${right}.`);
  return JSON.stringify({ ...document, Statement: kept });
}
