const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, grey: 90 } as const;

const COLOUR_OF: Readonly<Record<string, keyof typeof CODES>> = {
  done: "green",
  completed: "green",
  passed: "green",
  IDLE: "green",
  running: "cyan",
  RUNNING: "cyan",
  ready: "cyan",
  blocked: "yellow",
  waiting: "yellow",
  waiting_tasks: "yellow",
  DEGRADED: "yellow",
  QUARANTINED: "yellow",
  failed: "red",
  FAILED: "red",
  lease_lost: "red",
  timed_out: "red",
  firing: "red",
  critical: "red",
  error: "red",
  ERROR: "red",
  WARN: "yellow",
  DEBUG: "grey",
  warning: "yellow",
  acknowledged: "cyan",
  active: "cyan",
  resolved: "green",
  applied: "cyan",
  reverted: "grey",
  expired: "grey",
  cancelled: "grey",
  rejected: "grey",
  TERMINATED: "grey",
};

/** Colours a status by its meaning, where colours are wanted. */
export function statusPaint(colours: boolean): (status: string) => string {
  return (status) => {
    const colour = COLOUR_OF[status];
    return colours && colour !== undefined ? `\u001b[${CODES[colour]}m${status}\u001b[0m` : status;
  };
}
