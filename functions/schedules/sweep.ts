import { openPlane } from "@omoios/app/plane";

export const handler = (): Promise<{ due: number }> => openPlane(process.env).work.sweep();
