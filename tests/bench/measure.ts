import { MEASURES } from "./measures.ts";

/** Takes the measure that its argument names, and sends its figures to whoever forked it. */
const measure = MEASURES.find(({ name }) => name === process.argv[2]);
if (measure === undefined) throw new Error(`There is no measure ${process.argv[2]}`);
const figures = await measure.run();
process.send?.(figures, () => process.exit(0));
