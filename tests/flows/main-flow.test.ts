import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { mainFlow } from "./main-flow.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

it("a ticket goes from its making to done through agents", async () => {
  await expect(mainFlow(plane)).resolves.toBeUndefined();
});
