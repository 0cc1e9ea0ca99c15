import { weeklyTime } from "@omoios/contracts/shapes/alert";
import { duration } from "@omoios/contracts/shapes/duration";
import { RECEIVER_TYPES } from "@omoios/contracts/shapes/receiver";
import * as z from "zod";
import { didYouMean } from "../config/suggest.ts";

const name = z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/, "must be 1 to 60 letters, digits, `_`, `.` or `-`");
/** `${secret:NAME}`, or the value itself where the stage lets it stand in the file. */
const secret = z.string().min(1);
const common = { name, send_resolved: z.boolean().default(true) };

/** Who can be told. Addresses and keys may be missing only where nothing is sent, as in a test of rules. */
const receiver = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      ...common,
      type: z.literal("email"),
      to: z.array(z.email("must be a mail address, such as ops@example.com")).min(1).optional(),
    }),
    z.strictObject({ ...common, type: z.literal("slack"), url: secret.optional() }),
    z.strictObject({ ...common, type: z.literal("webhook"), url: secret.optional(), secret: secret.optional() }),
    z.strictObject({ ...common, type: z.literal("pagerduty"), routing_key: secret.optional() }),
  ],
  {
    error: ({ input }) => {
      const type: unknown = Object(input).type;
      const hint = typeof type === "string" ? didYouMean(type, RECEIVER_TYPES) : "";
      return `must be one of ${RECEIVER_TYPES.join(", ")}.${hint}`;
    },
  },
);
export type Receiver = z.infer<typeof receiver>;
export type ReceiverOf<T extends Receiver["type"]> = Extract<Receiver, { type: T }>;

const routeOptions = z.strictObject({
  receiver: name.optional(),
  escalation: name.optional(),
  /** Labels; `...` alone leaves each alert by itself. */
  group_by: z.array(z.string().min(1)).optional(),
  group_wait: duration.optional(),
  group_interval: duration.optional(),
  repeat_interval: duration.optional(),
  mute_times: z.array(name).optional(),
});

/** A route under the first one. What it leaves out it takes from the one above it. */
export interface RouteConfig extends z.infer<typeof routeOptions> {
  matchers: string[];
  /** Whether the routes after it are tried too. */
  continue: boolean;
  routes?: RouteConfig[] | undefined;
}

const route: z.ZodType<RouteConfig> = z.lazy(() =>
  routeOptions.extend({
    matchers: z.array(z.string()).default([]),
    continue: z.boolean().default(false),
    routes: z.array(route).optional(),
  }),
);

const inhibition = z.strictObject({
  source_matchers: z.array(z.string()).min(1),
  target_matchers: z.array(z.string()).min(1),
  equal: z.array(z.string()).default([]),
});

const escalation = z.strictObject({
  name,
  /** `after` counts from the first notification on. */
  steps: z.array(z.strictObject({ after: duration, receiver: name })).min(1),
  /** How often the steps are gone through. */
  loops: z.int().min(1).max(20).default(1),
});

/** `config/alert_routing.yaml`. */
export const routingConfig = z.strictObject({
  receivers: z.array(receiver).min(1),
  route: routeOptions.extend({ receiver: name, routes: z.array(route).optional() }),
  inhibit_rules: z.array(inhibition).default([]),
  mute_times: z.array(z.strictObject({ name, times: z.array(weeklyTime()).min(1) })).default([]),
  escalations: z.array(escalation).default([]),
  resolve_timeout: duration.default("5m"),
});
export type RoutingConfig = z.infer<typeof routingConfig>;
