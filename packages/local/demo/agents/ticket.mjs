/**
 * What a ticket's text asks for.
 * @typedef {object} Request
 * @property {string} prose
 * @property {string | undefined} example code that shows what is meant
 * @property {string[]} criteria
 * @property {string[]} names what stands in backticks: functions, options, files
 */

/**
 * Reads a ticket's text out of a task's description, which may say more around it: prose and an example under "Problem:",
 * a list under "Acceptance:".
 * @param {import("./task.mjs").Task} task
 * @returns {Request}
 * @throws {Error} where there is no problem or no acceptance criterion: nobody could tell when the work is done
 */
export function readRequest(task) {
  const [, problem = "", list = ""] = /^Problem:\s*$(.*?)^Acceptance:\s*$(.*)/ms.exec(task.description ?? "") ?? [];
  const criteria = [...list.matchAll(/^- (.+)$/gm)].map(([, criterion = ""]) => criterion.trim());
  if (problem.trim() === "" || criteria.length === 0) {
    throw new Error(`ticket ${task.ticket.external_ref} needs a text under "Problem:" and a list under "Acceptance:"`);
  }
  const example = /^```js\n(.*?)^```$/ms.exec(problem)?.[1]?.trim();
  const prose = problem.replace(/^```js\n.*?^```$/ms, "").trim();
  const names = [...prose.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  return { prose, example, criteria, names: [...new Set(names)] };
}
