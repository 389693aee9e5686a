// `npm run test:long`: every property is tried as often as its test says. `SEED=... npm run test:long` repeats a run.
import base from "./jest.config.js";

process.env.LONG = "1";
process.env.SEED ??= String(Math.floor(Math.random() * 2 ** 31));
console.log(`SEED=${process.env.SEED}`);

const projects = base.projects.map((project) => ({ ...project, testTimeout: 600_000 }));

export default { ...base, projects };
