import { command } from "../../command.ts";
import { policyColumns } from "../../rows/guardian.ts";

export const guardianPolicies = command<[]>({
  usage: "policies",
  about: "list what the guardian does by itself, as config/guardian_policies says",
  async run(cli) {
    const { items } = await (await cli.client()).listGuardianPolicies();
    cli.show({ items }, () => cli.table(items, policyColumns, "no policies"));
  },
});
