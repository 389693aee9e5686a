// SPDX-License-Identifier: Apache-2.0
import { checkUniverse } from "../../src/auth/destination.js";
import { parseBaseUrl } from "../../src/transport/endpoint.js";

const PUBLIC = "googleapis.com";
const OTHER = "apis-elsewhere.example";

test.each<[credential: string | undefined, configured: string | undefined, endpoint: string, fits: boolean]>([
  [PUBLIC, undefined, "https://admanager.googleapis.com", true],
  [PUBLIC, PUBLIC, "https://admanager.googleapis.com", true],
  [PUBLIC, undefined, "https://gateway.example.com", true], // an endpoint of the user's own
  [PUBLIC, undefined, "http://localhost:8080", true],
  [undefined, OTHER, "https://admanager.googleapis.com", true], // a credential that does not say
  [OTHER, undefined, "https://spanner.apis-elsewhere.example", true],
  [OTHER, OTHER, "https://gateway.example.com", true],
  [OTHER, undefined, "http://127.0.0.1:8080", true],
  [OTHER, undefined, "https://gateway.example.com", false],
  [OTHER, undefined, "https://admanager.googleapis.com", false],
  [OTHER, OTHER, "https://admanager.googleapis.com", false], // the host contradicts the option
  [OTHER, undefined, "https://notapis-elsewhere.example", false],
  [OTHER, undefined, "https://apis-elsewhere.example.evil.example", false],
  [PUBLIC, OTHER, "https://spanner.apis-elsewhere.example", false],
  [PUBLIC, OTHER, "https://admanager.googleapis.com", false],
  [PUBLIC, OTHER, "http://localhost:8080", false],
])("a credential of %s, configured %s, at %s: fits is %s", (credential, configured, endpoint, fits) => {
  const check = () => checkUniverse(credential, configured, parseBaseUrl(endpoint));
  if (fits) expect(check).not.toThrow();
  else expect(check).toThrow(`it is of the universe ${credential}, and `);
});
