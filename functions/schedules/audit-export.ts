import { scheduled } from "../scheduled.ts";

export const handler = scheduled("audit-export", ({ work }) => work.exportAudit());
