import { openApiDocument } from "@omoios/contracts/openapi";
import { docsPage } from "./page.ts";

/** The files that describe the API, by the names under which they lie beside a bundle. */
export interface Documents {
  "openapi.json": string;
  "docs.html": string;
}

/** Makes both documents from the contracts. The build writes them beside each HTTP function's bundle. */
export function makeDocuments(): Documents {
  const document = openApiDocument();
  return { "openapi.json": JSON.stringify(document), "docs.html": docsPage(document) };
}
