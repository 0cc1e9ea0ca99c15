// Loading the CDK and synthesizing costs seconds, so one test file serves every part that reads the templates.
import "./alarms.ts";
import "./chosen-settings.ts";
import "./dashboard.ts";
import "./default-bus.ts";
import "./functions.ts";
import "./queues.ts";
import "./rights.ts";
import "./side-by-side.ts";
import "./storage.ts";
