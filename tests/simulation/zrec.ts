import { writeFileSync } from "node:fs";
import { startDatabase } from "./database.ts";
import { simulate } from "./simulate.ts";
const d = await startDatabase();const log:[string,string][]=[];
const db={...d,emulator:(t:string,b:string)=>{log.push([t,b]);return d.emulator(t,b)}};
for(let s=21;s<=30;s++){log.push(["SEED",String(s)]);await simulate(db,s);}
writeFileSync("/tmp/simprof/requests.json",JSON.stringify(log));
await d.stop();
