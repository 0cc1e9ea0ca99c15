import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { entriesOf, type IsUnsure, type Parts } from "../config/well-formed.ts";
import type { Receiver, RoutingConfig } from "./routing-config.ts";
import { secretName } from "./secrets.ts";

/** What a stage lets stand in the file. */
export interface AddressRules {
  /** `allow_private_webhooks` of the stage: addresses and keys may stand in the file as they are. */
  plain: boolean;
  /** Receivers may stand without an address: what they are told is a dead letter. */
  may_lack?: boolean;
  /** What is wrong with a url, if anything: the guard that also stands before agents' webhooks. */
  faultOf(url: string): string | undefined;
}

/** Every receiver without an address, and every address or key that may not stand in the file, of those parts whose form is right. */
export function checkReceivers(
  config: Parts<RoutingConfig> | undefined,
  rules: AddressRules,
  isUnsure: IsUnsure,
): ConfigIssue[] {
  return entriesOf(config?.receivers).flatMap(({ entry: receiver, index }) =>
    addressesOf(receiver).flatMap(({ key, value }) => {
      const path: ConfigPath = ["receivers", index, key];
      if (value === undefined)
        return rules.may_lack || isUnsure(path) ? [] : [{ path, message: `is missing: ${receiver.type} needs it` }];
      const message = faultOf(key, value, rules);
      return message === undefined ? [] : [{ path, message }];
    }),
  );
}

function addressesOf(receiver: Parts<Receiver>): { key: string; value: unknown }[] {
  switch (receiver.type) {
    case "email":
      return receiver.to === undefined ? [{ key: "to", value: undefined }] : [];
    case "slack":
      return [{ key: "url", value: receiver.url }];
    case "webhook":
      return (["url", "secret"] as const).map((key) => ({ key, value: receiver[key] }));
    case "pagerduty":
      return [{ key: "routing_key", value: receiver.routing_key }];
    case undefined:
      return [];
  }
}

function faultOf(key: string, value: unknown, rules: AddressRules): string | undefined {
  const text = String(value);
  if (secretName(text) !== undefined) return undefined;
  if (text.startsWith("${")) return `${text} is no secret's name: write "\${secret:NAME}"`;
  if (key === "url") {
    const fault = URL.canParse(text) ? rules.faultOf(text) : "must be a url, such as https://example.com/hook";
    if (fault !== undefined) return fault;
  }
  if (rules.plain) return undefined;
  return `must be "\${secret:NAME}": a plain one is taken only where stages.yaml has allow_private_webhooks: true`;
}
