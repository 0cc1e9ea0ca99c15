import { randomUUID } from "node:crypto";
import type { ScheduledEvent } from "aws-lambda";
import { parseSchedule } from "./expression.ts";

export interface ScheduleSetting {
  name: string;
  /** An EventBridge schedule expression. */
  expression: string;
  account: string;
  region: string;
  invoke(event: ScheduledEvent): Promise<unknown>;
  reportError(error: unknown): void;
}

export interface RunningSchedule {
  /** Invokes the function now, beside its schedule. Resolves when it ended; a failure is reported, not thrown. */
  fire(): Promise<void>;
  /** Ends the schedule after the invocation at work. */
  stop(): Promise<void>;
}

/** A timer holds at most 2^31 - 1 ms; a longer wait is taken in parts. */
const TIMER_MS = 2 ** 31 - 1;

/** Invokes a function when its schedule says so, never twice at once: a run that is still at work takes the place of the next. */
export function startSchedule(setting: ScheduleSetting): RunningSchedule {
  const schedule = parseSchedule(setting.expression, Date.now());
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const fire = () => {
    running ??= setting
      .invoke(scheduledEvent(setting, new Date()))
      .then(() => undefined, setting.reportError)
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const arm = () => {
    const now = Date.now();
    const due = schedule.next(now);
    if (due === undefined) return;
    timer = setTimeout(
      () => {
        if (Date.now() >= due) fire();
        arm();
      },
      Math.min(due - now, TIMER_MS),
    );
  };
  arm();
  return {
    fire,
    stop: async () => {
      clearTimeout(timer);
      await running;
    },
  };
}

function scheduledEvent({ name, account, region }: ScheduleSetting, at: Date): ScheduledEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:events:${region}:${account}:rule/${name}`],
    detail: {},
  };
}
