import type { Instant } from "@omoios/kernel/clock";
import type { Notice } from "../notice.ts";

/** What goes over the wire to a receiver. */
export type Payload = HttpPayload | MailPayload;

/** A POST of JSON. */
export interface HttpPayload {
  kind: "http";
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface MailPayload {
  kind: "mail";
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  /** What threads it: `Message-ID`, `References`, and from the second mail on `In-Reply-To`. */
  headers: Readonly<Record<string, string>>;
}

/** Makes what a receiver of one type is sent. Its addresses and keys stand in it as they are, and no longer as secrets' names. */
export type Build<R, P extends Payload> = (receiver: R, notice: Notice, at: Instant) => P;
