// `npm run test:browser`: the emulator's page in a real Chromium (Debian's; `CHROMIUM=` names another).
import base from "./jest.config.js";

const { globalSetup, ...rest } = base; // builds dist/, which the page does not need
export default { ...rest, displayName: "browser", testMatch: ["**/*.browser.ts"], testTimeout: 180_000 };
