import * as z from "zod";
import { type ProblemCode, problems } from "./problems.ts";

/** The body of every refusal, RFC 9457. */
export const problemDocument = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** What the caller does about it: what the catalogue says of the code, unless more is known. */
  remedy: z.string().optional(),
  instance: z.string().optional(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  request_id: z.string(),
});
