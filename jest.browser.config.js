// `npm run test:browser`: the emulator's page in a real Chromium (Debian's; `CHROMIUM=` names another).
import base from "./jest.config.js";

const { projects } = base;
const { globalSetup, ...modules } = projects[0]; // builds dist/, which the page does not need
export default { ...modules, displayName: "browser", testMatch: ["**/*.browser.ts"], testTimeout: 180_000 };
