import { type ConfigRead, readYaml } from "../config/read.ts";
import { type AddressRules, checkReceivers } from "./receiver-checks.ts";
import { checkRouting } from "./routing-checks.ts";
import { type RoutingConfig, routingConfig } from "./routing-config.ts";

/**
 * Reads `config/alert_routing.yaml`. The faults are lines `file:line:column text`.
 * @param addresses what may stand in the file; without, nothing is sent by it, and receivers may lack theirs
 */
export function readRouting(text: string, file: string, addresses?: AddressRules): ConfigRead<RoutingConfig> {
  return readYaml(text, file, routingConfig, {
    parts: (config, isUnsure) => [
      ...checkRouting(config),
      ...(addresses === undefined ? [] : checkReceivers(config, addresses, isUnsure)),
    ],
  });
}
