import type { Instant } from "@omoios/kernel/clock";
import type { DeliveryRow } from "./model.ts";

/** Which webhooks a stage takes, and how their keys are made. */
export interface WebhookRules {
  /** What is wrong with the url, if anything. A name is looked up only when something is sent. */
  faultOf(url: string): string | undefined;
  /** A new `whsec_…`. */
  newSecret(): string;
}

/** What is pushed to an agent. */
interface WebhookMessage {
  /** The same at each try. */
  id: string;
  at: Instant;
  type: string;
  data: Record<string, unknown>;
}

/** Sends a signed webhook. Throws where the receiver did not take it. */
export type SendWebhook = (to: Pick<DeliveryRow, "url" | "secret">, message: WebhookMessage) => Promise<void>;
