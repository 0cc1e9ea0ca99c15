import { policySwitch, roomSwitch } from "../switching.ts";

export const guardianDisable = policySwitch(
  "disable <policy>",
  "take a policy out of force; what triggers it is listed as refused",
  "disableGuardianPolicy",
);

export const guardianEnable = policySwitch(
  "enable <policy>",
  "put a policy back into force that was switched off",
  "enableGuardianPolicy",
);

export const guardianPause = roomSwitch(
  "pause",
  "take all policies of the guardian out of force; people intervene as ever",
  "pauseGuardian",
);

export const guardianResume = roomSwitch(
  "resume",
  "put the guardian's policies back into force, but those that are switched off by themselves",
  "resumeGuardian",
);
