import { scheduled } from "../scheduled.ts";

export const handler = scheduled("sweep", ({ work }) => work.sweep());
