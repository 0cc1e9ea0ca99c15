import { Problem } from "@omoios/kernel/problem";

/** What a cursor is refused with that another list gave, or nobody. */
export const foreignCursor = (cause?: unknown, parameter = "cursor") =>
  new Problem("request.cursor_invalid", {
    errors: [{ path: parameter, message: "is not a cursor of this list" }],
    cause,
  });
