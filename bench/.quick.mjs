import { holdContest } from "./contest.mjs";
import { median, medianRatio, spread } from "./statistics.mjs";
const LOADS = [{ inFlight: 64, warmUpMs: 700, warmUpCalls: 6000, windowMs: 150 }];
for (const [folder, server, keys] of [["rest", ["servers/rest.mjs", "empty"], ["facade","gax","facade-header","facade-open","gax-open","undici-dispatch"]], ["grpc", ["servers/grpc.mjs"], ["facade","gax","facade-open","gax-open","node-http2"]]]) {
  const r = await holdContest({ server, contenders: keys.map(key => ({ key, path: `contenders/${folder}/${key}.mjs` })), loads: LOADS, rounds: 7 });
  const m = Object.fromEntries(r.map(x => [x.key, x.cpuUs]));
  for (const k of keys) console.log(folder, k, spread(m[k], 1), "ratio facade/", medianRatio(m.facade, m[k]).toFixed(2));
  console.log(folder, "open/open gax", medianRatio(m["facade-open"], m["gax-open"]).toFixed(2));
}
