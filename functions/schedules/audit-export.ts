import { observed } from "@omoios/app/observe/observed";
import { openPlane } from "@omoios/app/plane";
import type { Context } from "aws-lambda";

export const handler = (
  _event?: unknown,
  context?: Pick<Context, "functionName">,
): Promise<{ objects: number; entries: number }> =>
  observed({ name: "audit-export", kind: "internal", function_name: context?.functionName }, () =>
    openPlane(process.env).work.exportAudit(),
  );
