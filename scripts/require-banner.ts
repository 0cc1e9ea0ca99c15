/** Stands at the head of a bundle: bundled CommonJS packages call `require`, which an ES module does not have. */
export const REQUIRE_BANNER =
  'import { createRequire as createBundleRequire } from "node:module"; const require = createBundleRequire(import.meta.url);';
