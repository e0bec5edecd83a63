// The browser that a test file is for: Chromium, unless who imports it says another.
const MODULES = {
  chromium: process.env.WX_SOTER_TEST_SCRIPT ? './chromium.mjs' : './chromium-full.mjs',
  firefox: './firefox.mjs',
  webkitgtk: '../webkit/browser.mjs',
  wpe: '../webkit/browser.mjs',
};

/** Its name. */
export const name = process.env.WX_SOTER_TEST_BROWSER || 'chromium';

/** Opens a page in it; see `chromium.mjs`. */
export const { open } = await import(MODULES[name]);

/** The suites that rest on nothing of Chromium's own. */
export const SUITES = [
  'promises',
  'settings',
  'accounts',
  'storage',
  'odd-pages',
  'odd-answers',
  'content-security-policy',
  'script-tag',
  'trap',
  'module-start',
  'coexistence',
  'endurance',
  'no-wasm',
];
