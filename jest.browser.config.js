// `npm run test:browser`: the emulator's page in a real Chromium (Debian's; `CHROMIUM=` names another).
import base from "./jest.config.js";

const [modules] = base.projects;
export default { ...modules, displayName: "browser", testMatch: ["**/*.browser.ts"], testTimeout: 180_000 };
