// SPDX-License-Identifier: Apache-2.0
// Node finds, reads and links every module by itself: half a millisecond each, and a door stands on two hundred of them.
// This joins them, with the parts of Connect and of protobuf-es that they use, into a few CommonJS files, which `require`
// and `import` share in Node: one copy in a process, and a start in a fraction of the time.
import { dirname, join, relative, resolve } from "node:path";
import { build, transform } from "esbuild";
import { findDoors, namesOf, writeDoor, writeWrapper } from "./node-doors.mjs";
import { noticesOf } from "./notices.mjs";
import { COMPILED, lead, MODULES, slashes, write } from "./paths.mjs";

/** All doors and stubs but those that stand apart. */
const CORE = "core.js";

/** Doors with a library of their own, which the others do without. */
const APART = ["src/emulator.js", "src/grpc.js", "src/service-config.js"];

const COMMAND_LINE = "src/cli/main.js";

/** Loaded from where they are installed: big, and needed by some programs only. */
const INSTALLED = ["@connectrpc/connect-node", "@grpc/grpc-js", "google-auth-library", "undici", "yaml"];

/**
 * What the names of the project's "imports" are in Node. Bundlers take the alternatives, by the "browser" field: not every
 * tool heeds "imports" in a package.json that is not the package's own.
 */
const LINKS = {
  "#http-client": "src/transport/http/undici/client.js",
  "#google-auth-library": "google-auth-library",
};
const ALTERNATIVES = {
  "src/transport/http/undici/client.js": "src/transport/http/fetch.js",
  "google-auth-library": "src/auth/credential/library-absent.js",
};

/** Before the file of a door, in a link of the command line. */
const DOOR = "#door/";

/** Compiles dist/esm into dist/cjs, and writes dist/node, the ES modules that lead there. */
export async function compileForNode() {
  const doors = await findDoors();
  const { inputs, outputs } = await compile(doors);
  const core = outputs[relative(MODULES, join(COMPILED, CORE))].exports;
  for (const door of doors) {
    const names = await namesOf(door);
    await writeWrapper(door, names);
    if (APART.includes(door)) continue;
    const hidden = names.filter((name) => !core.includes(name));
    if (hidden.length > 0)
      throw new Error(`${door} has names that another door has too: ${hidden.join(", ")}`);
    await writeDoor(door, names, CORE);
  }
  await write(join(COMPILED, "package.json"), description());
  await write(
    join(COMPILED, "NOTICE"),
    await noticesOf(Object.keys(inputs).map((file) => resolve(MODULES, file))),
  );
}

/** Writes the core, the doors apart, the command line and the engines, with the files that they share. */
async function compile(doors) {
  const joined = doors.filter((door) => !APART.includes(door));
  const engines = Object.entries(ALTERNATIVES).flat().filter(isFile);
  const { outputFiles, metafile } = await build({
    entryPoints: [CORE, ...APART, COMMAND_LINE, ...engines],
    absWorkingDir: MODULES,
    outdir: COMPILED,
    outbase: MODULES,
    bundle: true,
    splitting: true,
    format: "esm", // the only one that esbuild splits
    platform: "node",
    target: "node20",
    chunkNames: "chunks/[hash]",
    external: [...INSTALLED, ...Object.keys(LINKS)],
    plugins: [
      generated(CORE, joined.map((door) => `export * from "./${door}";`).join("\n")),
      outsideCommandLine(doors),
    ],
    tsconfigRaw: "{}", // the project's own would lead "#http-client" to one engine
    legalComments: "none", // see NOTICE
    metafile: true,
    write: false,
  });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: "cjs",
      platform: "node",
      target: "node20",
      supported: { "dynamic-import": false }, // Jest, and whoever else runs CommonJS by itself, has `require` only
    });
    await write(path, linked(code, path));
  }
  return metafile;
}

/** A file that exists in the build only. */
function generated(name, contents) {
  return {
    name: "generated",
    setup(builder) {
      builder.onResolve({ filter: /^/ }, ({ path, kind }) =>
        kind === "entry-point" && path === name
          ? { path: resolve(MODULES, name), namespace: "generated" }
          : undefined,
      );
      builder.onLoad({ filter: /^/, namespace: "generated" }, () => ({ contents, resolveDir: MODULES }));
    },
  };
}

/** Leaves the doors out of the command line, which finds them where every program does. */
function outsideCommandLine(doors) {
  return {
    name: "outside-command-line",
    setup(builder) {
      builder.onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
        if (!importer.startsWith(join(MODULES, dirname(COMMAND_LINE), "/"))) return undefined;
        const file = slashes(relative(MODULES, resolve(resolveDir, path)));
        return doors.includes(file) ? { path: `${DOOR}${file}`, external: true } : undefined;
      });
    },
  };
}

/** The code of a file with the paths in it that its links stand for. */
function linked(code, path) {
  return code.replaceAll(/require\("(#[^"]+)"\)/g, (_, link) => {
    const target = link.startsWith(DOOR) ? link.slice(DOOR.length) : LINKS[link];
    if (target === undefined) throw new Error(`${path} loads ${link}, which Node has no file for`);
    return `require("${isFile(target) ? lead(path, join(COMPILED, target)) : target}")`;
  });
}

/** The package.json of the compiled files, whose nearest one decides that they are CommonJS. */
function description() {
  const named = (target) => (isFile(target) ? `./${target}` : target);
  const browser = Object.fromEntries(Object.entries(ALTERNATIVES).map((pair) => pair.map(named)));
  return `${JSON.stringify({ type: "commonjs", sideEffects: false, browser }, null, 2)}\n`;
}

/** Whether this is one of our files, and not a package. */
function isFile(target) {
  return target.endsWith(".js");
}
