export { whatIsDue as handler } from "../what-is-due.ts";
