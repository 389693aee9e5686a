// SPDX-License-Identifier: Apache-2.0

/** The resource name in a URL or a full resource name that was pasted; `undefined` for any other text. */
export function nameInUrl(text: string): string | undefined {
  return partsOf(text)?.name;
}

/** The version in a URL that was pasted: `v1`. */
export function versionInUrl(text: string): string | undefined {
  return partsOf(text)?.version;
}

function partsOf(text: string) {
  const [, version, path] = /^(?:https?:)?\/\/[^/]*\/(?:(v\d\w*)\/)?([^?#]+)/i.exec(text) ?? [];
  return path === undefined ? undefined : { version, name: path.replace(/:\w+$/, "") };
}
