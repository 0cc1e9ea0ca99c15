import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SIGN_OF_LIFE_MS = 1_000;

/**
 * The task as the plane gave it to the runner; only what the demo's agents read.
 * @typedef {object} Task
 * @property {string} task_id
 * @property {string} phase_id
 * @property {string} title
 * @property {string} [description]
 * @property {{ticket_id: string, title: string, external_ref: string}} ticket
 * @property {{feedback?: string[]}} [context]
 *
 * What a step hands in.
 * @typedef {object} Result
 * @property {{summary: string, decisions?: string[], risks?: string[], notes?: string[]}} output
 * @property {{type: string, path: string, content?: string, metadata?: Record<string, unknown>}[]} artifacts
 * @property {Record<string, number>} [metrics]
 * @property {Record<string, unknown>} [handoff]
 *
 * All that a step works with.
 * @typedef {object} Shop
 * @property {Task} task
 * @property {string} ref the ticket's reference in the backlog
 * @property {string} root the demo's folder, shared by all its agents
 * @property {string} repository the bare repository
 * @property {string} changes the folder with the patches and design notes
 * @property {string} scratch this attempt's own folder
 * @property {(percent: number, note: string) => void} progress
 * @property {(step: string) => void} record tells whoever watches `activity.jsonl` where this agent stands
 */

/**
 * Opens the task that the runner hands over by `OMOI_TASK_FILE`.
 * @param {{root: string, agent: string, changes: string}} options
 * @returns {Shop}
 * @throws {Error} naming what is missing
 */
export function openShop({ root, agent, changes }) {
  /** @type {Task} */
  const task = JSON.parse(readFileSync(required("OMOI_TASK_FILE"), "utf8"));
  const ref = task.ticket?.external_ref;
  if (!ref) throw new Error("the task does not say which ticket it belongs to: ticket.external_ref is missing");
  let doing = "reading the task";
  // Output is a sign of life: it keeps the lease while a test run or npm takes its time.
  setInterval(() => console.log(`still ${doing}`), SIGN_OF_LIFE_MS).unref();
  return {
    task,
    ref,
    root,
    changes,
    repository: join(root, "library.git"),
    scratch: join(required("OMOI_WORKDIR"), "shop"),
    progress: (percent, note) => {
      doing = note;
      console.log(`omoi:progress ${percent} ${note}`);
    },
    record: (step) => {
      const line = { agent, task_id: task.task_id, ref, phase_id: task.phase_id, step, pid: process.pid };
      appendFileSync(join(root, "activity.jsonl"), `${JSON.stringify(line)}\n`);
    },
  };
}

/**
 * Writes the result where the runner reads it; it is whole or not there.
 * @param {Result} result
 */
export function handIn(result) {
  const file = required("OMOI_RESULT_FILE");
  writeFileSync(`${file}.part`, JSON.stringify(result));
  renameSync(`${file}.part`, file);
}

/** @param {string} name */
function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this by "omoi agent run --exec"`);
  return value;
}
