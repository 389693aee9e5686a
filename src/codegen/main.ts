#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0

// The program that buf and protoc run: a CodeGeneratorRequest on standard input, a CodeGeneratorResponse on standard
// output. Its framework is an optional peer, since it brings a whole TypeScript.

async function main(): Promise<void> {
  try {
    await import("@bufbuild/protoplugin");
  } catch (error) {
    process.stderr.write(
      `protoc-gen-longrunning: @bufbuild/protoplugin cannot be loaded (${String(error)}); ` +
        "install it beside longrunning: npm install --save-dev @bufbuild/protoplugin\n",
    );
    process.exitCode = 1;
    return;
  }
  const [{ runNodeJs }, { protocGenLongrunning }] = await Promise.all([
    import("@bufbuild/protoplugin"),
    import("./plugin.js"),
  ]);
  runNodeJs(protocGenLongrunning);
}

void main();
