import type { Client } from "@omoios/sdk/client";
import type { RegisteredAgent } from "@omoios/sdk/register-agent";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { clockTime } from "../../output/times.ts";
import { given } from "../../parse-option.ts";
import { WrongUse } from "../../wrong-use.ts";
import { type AgentOptions, agentOptions } from "./agent-options.ts";
import { orWrongIdentityFile } from "./identity-option.ts";

type Step = Awaited<ReturnType<Client["getAgentRegistration"]>>["steps"][number];

interface Options extends AgentOptions {
  identity: string;
  agentVersion?: string;
}

export const agentRegister = command<[], Options>({
  usage: "register",
  about: "register an agent step by step, and keep who it is for agent run --identity",
  options: (made) =>
    agentOptions(
      made.requiredOption("--identity <file>", "where its private key is kept (0600); it never leaves this machine"),
    ).option("--agent-version <version>", "its own version; this runner's unless given"),
  async run(cli, _, options) {
    // Loaded here, so that the other commands need not wait for it.
    const [{ expectKeepable, readIdentity, writeIdentity }, { RUNNER_VERSION }, { registerAgent }, { createAgent }] =
      await Promise.all([
        import("@omoios/runner/identity-file"),
        import("@omoios/runner/options"),
        import("@omoios/sdk/register-agent"),
        import("@omoios/sdk/agent"),
      ]);
    const { url } = await cli.plane();
    if ((await orWrongIdentityFile(readIdentity(options.identity, url))) !== undefined) {
      throw new WrongUse(`${options.identity} holds an agent of this plane already: name another file`);
    }
    await orWrongIdentityFile(expectKeepable(options.identity));
    const { identity, registered } = await registerAgent(await cli.client(), wordsOf(options, RUNNER_VERSION));
    await writeIdentity(options.identity, url, identity);
    showSteps(cli, registered.steps, registered);
    const agent = createAgent({ url, ...identity });
    await agent.start();
    const params = { agent_id: registered.agent_id };
    const [{ steps, channels }, { status }] = await Promise.all([
      agent.client.getAgentRegistration({ params }),
      agent.client.getAgent({ params }),
    ]);
    if (cli.json) return cli.show({ ...registered, status, steps, channels }, () => "");
    showSteps(cli, steps.slice(registered.steps.length), registered);
    cli.terminal.out(`\n${registered.agent_name} is ${cli.paintStatus(status)} and hears ${channels.join(", ")}\n`);
    cli.note(`it must go on beating: omoi agent run --identity ${options.identity} …`);
  },
});

function wordsOf({ phases, capabilities, type, capacity, tag, owner, agentVersion }: Options, version: string) {
  return {
    agent_type: type ?? "worker",
    phase_ids: phases,
    capabilities,
    version: agentVersion ?? version,
    ...given({ capacity, tags: tag, owner }),
  };
}

/** What each step came to, in the words of the registration. */
function showSteps(cli: Cli, steps: readonly Step[], { agent_id, agent_name, key_id }: RegisteredAgent["registered"]) {
  if (cli.json) return;
  const results: Record<Step["step"], string> = {
    pre_validation: "version, phases, needs and key are in order",
    identity: `${agent_name}, key ${key_id}`,
    registry_entry: agent_id,
    subscription: "to its phases, to what is for all, and to the word to stop",
    first_heartbeat: "signed with its key",
  };
  for (const { step, outcome, at } of steps) {
    const name = step.replaceAll("_", " ").padEnd(15);
    cli.terminal.out(`${clockTime(at)}  ${name}  ${outcome.padEnd(6)}  ${results[step]}\n`);
  }
}
