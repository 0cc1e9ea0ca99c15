import { openPlane } from "@omoios/app/plane";

export const handler = (): Promise<{ objects: number; entries: number }> => openPlane(process.env).work.exportAudit();
