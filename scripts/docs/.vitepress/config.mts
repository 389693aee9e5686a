// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { REPOSITORY, TOP_LEVEL } from "../sources.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The page that a document of the repository becomes, as a path of the site; `undefined` for one that becomes none. */
function pageOf(document: string): string | undefined {
  if (TOP_LEVEL.includes(document)) return `/${document.slice(0, -3).toLowerCase()}`;
  if (document === "docs/reference/index.md") return "/reference/";
  if (document.startsWith("docs/images/")) return document.slice(4); // copied to where VitePress serves files as they are
  return document.startsWith("docs/") && document.endsWith(".md") ? document.slice(4, -3) : undefined;
}

/** The document of the repository that a page was made from. */
function documentOf(page: string): string {
  return TOP_LEVEL.find((document) => document.toLowerCase() === page) ?? `docs/${page}`;
}

/**
 * The link of a document, as the site has it. Documents link to each other as files, which works where the repository is
 * read; what is no page leads to the repository.
 */
function siteLink(document: string, href: string): string {
  if (/^(https?:|mailto:|#|\/)/.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const target = normalize(join(dirname(document), path));
  const page = pageOf(target);
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  if (page !== undefined) return page + suffix;
  if (!existsSync(join(root, target)) && !document.startsWith("docs/reference/"))
    throw new Error(`${document} links to ${target}, which does not exist`);
  return `${REPOSITORY}/blob/main/${target}${suffix}`;
}

const titleOf = (document: string) =>
  /^# (.+)$/m.exec(readFileSync(join(root, document), "utf8"))?.[1]?.replaceAll("`", "") ?? document;

const pages = (...names: string[]) =>
  names.map((name) => ({ text: titleOf(`docs/${name}.md`), link: `/${name}` }));

const decisions = readdirSync(join(root, "docs/decisions"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ text: titleOf(`docs/decisions/${file}`), link: `/decisions/${file.slice(0, -3)}` }));

const referenceFile = join(root, "scripts/docs/pages/reference/typedoc-sidebar.json");
/** The reference: an entry point each, with a list of what it exports. TypeDoc groups that by kind, in headings that no link leads to. */
const reference = (existsSync(referenceFile) ? JSON.parse(readFileSync(referenceFile, "utf8")) : []).map(
  (entryPoint) => ({ ...entryPoint, items: entryPoint.items.flatMap((kind) => kind.items ?? [kind]) }),
);

export default defineConfig({
  title: "longrunning",
  description: "A TypeScript client for google.longrunning.Operations, over REST/JSON and gRPC",
  lang: "en",
  base: process.env.DOCS_BASE ?? "/", // the path below which it is served
  srcDir: "pages", // written by build.mjs
  outDir: "dist",
  cacheDir: "cache",
  cleanUrls: true,
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(md) {
      md.core.ruler.push("empty-headers", ({ tokens }) => {
        for (const [index, token] of tokens.entries()) {
          if (token.type !== "th_open" || tokens[index + 1]?.content !== "") continue;
          token.tag = "td"; // a header without a text is none
          const close = tokens[index + 2];
          if (close !== undefined) close.tag = "td";
        }
      });
      md.core.ruler.push("site-links", (state) => {
        const file: string | undefined = state.env.realPath ?? state.env.path;
        if (file === undefined) return; // a text of the theme, such as the home page's
        const document = documentOf(relative(join(root, "scripts/docs/pages"), file));
        for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
          const attribute = { link_open: "href", image: "src" }[token.type];
          const link = attribute === undefined ? null : token.attrGet(attribute);
          if (attribute !== undefined && link !== null) token.attrSet(attribute, siteLink(document, link));
        }
      });
    },
  },
  themeConfig: {
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    nav: [
      { text: "Guide", link: "/start" },
      { text: "Reference", link: "/reference/" },
      { text: "Changelog", link: "/changelog" },
    ],
    sidebar: {
      "/reference/": reference,
      "/": [
        { text: "Start", items: pages("start", "concepts") },
        {
          text: "Guides",
          items: pages(
            "operations",
            "recipes",
            "apis",
            "admanager",
            "transports",
            "authentication",
            "errors",
            "observability",
            "protos",
            "testing",
            "cli",
            "migrating",
          ),
        },
        {
          text: "Project",
          items: [
            { text: "API reference", link: "/reference/" },
            { text: "Architecture", link: "/architecture" },
            { text: "Security", link: "/security" },
            { text: "Benchmarks", link: "/benchmarks" },
            { text: "Changelog", link: "/changelog" },
            { text: "Contributing", link: "/contributing" },
          ],
        },
        { text: "Decisions", link: "/architecture#decisions", collapsed: true, items: decisions },
      ],
    },
    outline: { level: [2, 3] },
  },
});
