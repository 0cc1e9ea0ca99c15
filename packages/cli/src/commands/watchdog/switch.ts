import { policySwitch, roomSwitch } from "../switching.ts";

export const watchdogDisable = policySwitch(
  "disable <policy>",
  "take a policy out of force, and stop what it has begun; what triggers it is listed as disabled",
  "disableWatchdogPolicy",
);

export const watchdogEnable = policySwitch(
  "enable <policy>",
  "put a policy back into force that was switched off",
  "enableWatchdogPolicy",
);

export const watchdogPause = roomSwitch(
  "pause",
  "take all policies of the watchdog out of force; what is asked for by hand is done",
  "pauseWatchdog",
);

export const watchdogResume = roomSwitch(
  "resume",
  "put the watchdog's policies back into force, but those that are switched off by themselves",
  "resumeWatchdog",
);
