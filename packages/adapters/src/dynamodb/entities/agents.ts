import { define } from "./model.ts";

const ofAgent = { template: "agent#${agent_id}", of: ["agent_id"] } as const;

export const agentEntities = {
  agent: define({
    entity: "agent",
    pk: ofAgent,
    sk: { template: "agent", of: [] },
    attributes: {
      agent_id: "string",
      agent_name: "string",
      agent_type: "string",
      status: "string",
      why: "string",
      class_id: "string",
      key_id: "string",
      public_x: "string",
      old_key: "any",
      key_revoked_at: "number",
      epoch: "number",
      capacity: "number",
      slots: "any",
      failed: "any",
    },
  }),
  agent_profile: define({
    entity: "agent_profile",
    pk: ofAgent,
    sk: { template: "profile", of: [] },
    attributes: {
      agent_id: "string",
      phase_ids: "any",
      capabilities: "any",
      agent_version: "string",
      config: "any",
      tags: "any",
      owner: "string",
      replaces: "string",
      steps: "any",
      first_heartbeat_by: "number",
      registered_at: "number",
      updated_at: "number",
      registered_by: "string",
    },
  }),
  agent_key: define({
    entity: "agent_key",
    pk: { template: "agentkey#${key_id}", of: ["key_id"] },
    sk: { template: "key", of: [] },
    attributes: { key_id: "string", agent_id: "string", created_at: "number", retired_at: "number" },
  }),
};

export const accessEntities = {
  api_key: define({
    entity: "api_key",
    pk: { template: "apikey#${key_id}", of: ["key_id"] },
    sk: { template: "key", of: [] },
    attributes: {
      key_id: "string",
      sha256: "string",
      name: "string",
      scopes: "any",
      authority: "string",
      registration: "any",
      created_at: "number",
      created_by: "string",
      revoked_at: "number",
    },
  }),
  pause: define({
    entity: "pause",
    pk: { template: "plane", of: [] },
    sk: { template: "pause", of: [] },
    attributes: { paused: "boolean", reason: "string", since: "number" },
  }),
};
