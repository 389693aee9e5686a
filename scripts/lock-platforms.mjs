// SPDX-License-Identifier: Apache-2.0
// Adds to package-lock.json the optional packages of other platforms that `npm install` left out. npm leaves out what a registry
// does not serve, and `npm ci` then refuses the lock file, since their parents name them. An entry is the version that
// the parent asks for and the platform that its name says; npm fetches it on that platform only.
// Run it after each change of dependencies: `node scripts/lock-platforms.mjs`.
import { readFileSync, writeFileSync } from "node:fs";

const OS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const CPU = {
  arm: ["arm", "armv7", "armhf", "eabi"],
  arm64: ["arm64", "aarch64"],
  ia32: ["ia32"],
  loong64: ["loong64"],
  mips64el: ["mips64el"],
  ppc64: ["ppc64"],
  riscv64: ["riscv64"],
  s390x: ["s390x"],
  wasm32: ["wasm32", "wasm"],
  x64: ["x64"],
};
const LIBC = { glibc: ["gnu", "glibc", "gnueabihf"], musl: ["musl", "musleabihf"] };

/** What the words of a package's name say about where it runs. */
function platformOf(name) {
  const words = name.split("/").at(-1).split("-");
  const arm = words.some((word) => /^(gnu|musl)?eabi(hf)?$/.test(word));
  const keyOf = (table) => Object.keys(table).find((key) => table[key].some((word) => words.includes(word)));
  const os = OS.filter((word) => words.includes(word));
  const cpu = keyOf(CPU) ?? (arm ? "arm" : undefined);
  const libc = os[0] === "linux" ? keyOf(LIBC) : undefined;
  return { ...(os.length > 0 && { os }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) };
}

const file = "package-lock.json";
const lock = JSON.parse(readFileSync(file, "utf8"));
const { packages } = lock;
const added = {};
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!/^\d/.test(version)) continue; // a range: no binary of a platform, those come in the parent's own version
    const isLocked = ([at, { version: locked }]) => at.endsWith(`node_modules/${name}`) && locked === version;
    if (Object.entries(packages).some(isLocked)) continue;
    const platform = platformOf(name);
    if (platform.os === undefined && platform.cpu === undefined) {
      console.error(`${path} wants ${name}, whose name says no platform: left out`);
      continue;
    }
    added[`node_modules/${name}`] = { version, ...platform, ...(entry.dev && { dev: true }), optional: true };
  }
}
const names = Object.keys({ ...packages, ...added }).sort((a, b) => a.localeCompare(b, "en"));
lock.packages = Object.fromEntries(names.map((name) => [name, packages[name] ?? added[name]]));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${file}: ${Object.keys(added).length} packages of other platforms added`);
