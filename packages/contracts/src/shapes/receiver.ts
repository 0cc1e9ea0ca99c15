import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { paging, reason } from "./common.ts";

export const RECEIVER_TYPES = ["email", "slack", "webhook", "pagerduty"] as const;
export const receiverType = z.enum(RECEIVER_TYPES);

export const listReceiverDeadLetters = once(() =>
  z.strictObject({ ...paging, status: z.enum(["open", "redriven"]).default("open") }),
);

export const redriveNotification = once(() => z.strictObject({ reason: reason.optional() }));

const ENTRY = /([A-Za-z_]\w{0,99})=("(?:[^"\\]|\\.)*"|[^",]*)(?:,|$)/y;

/** `label=value` with commas between them; a value with a comma or a quotation mark in it is a JSON text. */
const labelList = z
  .string()
  .min(1)
  .max(4_000)
  .transform((text, ctx) => {
    const labels: Record<string, string> = {};
    ENTRY.lastIndex = 0;
    for (let read = 0; read < text.length; read = ENTRY.lastIndex) {
      const [, label = "", value = ""] = ENTRY.exec(text) ?? [];
      const plain = plainOf(value);
      if (label === "" || plain === undefined) {
        ctx.addIssue(`must be label=value, with commas between them; at \`${text.slice(read, read + 40)}\` it is not`);
        return z.NEVER;
      }
      labels[label] = plain;
    }
    return labels;
  });

function plainOf(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  try {
    return z.string().safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const askRouting = once(() => z.strictObject({ labels: labelList.optional() }));
