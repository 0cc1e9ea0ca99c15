import { expect, test } from "vitest";
import { requestUrl } from "./request-url.ts";

test("parameters fill the path and the query follows, without what is undefined", () => {
  expect(
    requestUrl(
      "http://plane/",
      "/tickets/{ticket_id}/tasks",
      { ticket_id: "ticket_1" },
      { limit: 5, cursor: undefined },
    ),
  ).toBe("http://plane/api/v1/tickets/ticket_1/tasks?limit=5");
});

test("what a parameter holds cannot leave its place in the path", () => {
  expect(requestUrl("http://plane", "/tasks/{task_id}", { task_id: "../agents?x=1" })).toBe(
    "http://plane/api/v1/tasks/..%2Fagents%3Fx%3D1",
  );
});

test.each([[{}], [{ task_id: "" }]])("a missing parameter is named", (params) => {
  expect(() => requestUrl("http://plane", "/tasks/{task_id}", params)).toThrow("params.task_id is missing");
});
