// SPDX-License-Identifier: Apache-2.0
// Writes man/longrunning.1 from the help pages of the built program; with --check, reports whether it is up to date.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { bin, version, description } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const page = `${root}man/longrunning.1`;

const help = (...args) =>
  execFileSync(process.execPath, [`${root}${bin.longrunning}`, ...args], { encoding: "utf8" });

/** Escapes a text for roff. */
const escaped = (text) =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(['.])/gm, "\\&$1");

/** The blocks of a help page: `Usage: ...`, paragraphs, and headings with their entries, whose texts are wrapped. */
function blocksOf(text) {
  return text
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      const [, heading, body] = /^([A-Z][\w ]*):\n([\s\S]*)$/.exec(block) ?? [];
      return heading === undefined ? { paragraph: block } : { heading, body };
    });
}

/** The entries of a block: a term and its description. A line indented more than an entry continues it. */
function entriesOf(body) {
  const entries = [];
  for (const line of body.split("\n")) {
    const [, term, text = ""] = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(line) ?? [];
    if (term === undefined) entries.at(-1).text += ` ${line.trim()}`;
    else entries.push({ term, text });
  }
  return entries;
}

function roffOf({ heading, body, paragraph }) {
  if (paragraph !== undefined) {
    const usage = /^Usage: (.*)/.exec(paragraph)?.[1];
    return usage === undefined
      ? `.PP\n${escaped(paragraph.replace(/\s+/g, " "))}`
      : `.PP\n\\fB${escaped(usage)}\\fR`;
  }
  if (heading === "Examples" || heading === "Exit status") {
    return `.PP\n${heading}:\n.PP\n.nf\n.RS 4\n${escaped(body.replace(/^ {2}/gm, ""))}\n.RE\n.fi`;
  }
  const entries = entriesOf(body).map(
    ({ term, text }) => `.TP\n\\fB${escaped(term)}\\fR\n${escaped(text.trim())}`,
  );
  return `.PP\n${heading}:\n${entries.join("\n")}`;
}

const first = help("--help");
const commands = entriesOf(blocksOf(first).find(({ heading }) => heading === "Commands").body)
  .map(({ term }) => term.split(" ", 1)[0])
  .filter((name) => name !== "help");
const text = [
  `.\\" Written by scripts/man.mjs from the program's help pages.`,
  `.TH LONGRUNNING 1 "" "longrunning ${version}" "User Commands"`,
  `.SH NAME\nlongrunning \\- see, wait for and cancel long\\-running operations of Google\\-style APIs`,
  `.SH SYNOPSIS\n.B longrunning\n.I command\n[\\fIoptions\\fR] [\\fIname\\fR...]`,
  `.SH DESCRIPTION\n${escaped(description)}`,
  ...blocksOf(first).slice(2).map(roffOf),
  `.SH COMMANDS`,
  ...commands.flatMap((name) => [`.SS ${name}`, ...blocksOf(help("help", name)).map(roffOf)]),
  `.SH FILES\n.TP\nlongrunning.yaml, ~/.config/longrunning/longrunning.yaml\nFlags without their dashes.`,
  `.TP\n~/.config/longrunning/trusted/\nWhat \\fBlongrunning trust\\fR keeps.`,
  `.SH ENVIRONMENT\n.TP\nLONGRUNNING_TOKEN\nAn access token.\n.TP\nHTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS, NO_COLOR\nAs elsewhere.`,
  "",
].join("\n");

if (process.argv.includes("--check")) {
  const isFresh = readFileSync(page, "utf8") === text;
  console.log(isFresh ? "man/longrunning.1 is fresh" : "man/longrunning.1 is stale: npm run man");
  process.exitCode = isFresh ? 0 : 1;
} else {
  mkdirSync(`${root}man`, { recursive: true });
  writeFileSync(page, text);
}
