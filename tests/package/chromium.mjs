// Chromium with a virtual authenticator, for one test file.
import { chromium } from 'playwright-core';
import { after } from 'node:test';
import { watch } from './watch.mjs';

// Its headless shell, where there is one, is the same engine without windows, and opens a page in half the time.
const { WX_SOTER_CHROMIUM, WX_SOTER_HEADLESS_SHELL } = process.env;
const executablePath = WX_SOTER_HEADLESS_SHELL || WX_SOTER_CHROMIUM || '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath });
after(() => browser.close());

const WILLING = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'internal',
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

/**
 * Opens a page in a profile of its own, which ends with the test.
 *
 * `authenticator` is what differs from a willing one, or `null` for none at all; `prepare` runs in the page before its
 * own scripts; all else are Playwright's options of a context.
 */
export const open = async (test, url, { authenticator = {}, prepare, ...options } = {}) => {
  const context = await browser.newContext(options);
  test.after(() => context.close());
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const pageErrors = [];
  page.on('pageerror', error => pageErrors.push(String(error)));
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) pageErrors.push(message.text());
  });
  let authenticatorId;
  if (authenticator) {
    await cdp.send('WebAuthn.enable');
    const added = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { ...WILLING, ...authenticator } });
    authenticatorId = added.authenticatorId;
  }
  await page.addInitScript(watch);
  if (prepare) await page.addInitScript(prepare);
  await page.goto(url);
  return {
    page,
    cdp,
    /** What the console and the page said of errors and warnings. */
    pageErrors,
    /** Tells the authenticator something, by CDP's name of it. */
    tell: (command, parameters) => cdp.send(`WebAuthn.${command}`, { authenticatorId, ...parameters }),
    /** Makes a call, and resolves with what its promise did: `{ succeeded, result }`. */
    settle: (api, options) => page.evaluate(([api, options]) => settle(wx[api](options)), [api, options]),
    /** Makes a call with callbacks, and resolves with what they and its promise got: `{ events, same, result }`. */
    record: (api, options) => page.evaluate(([api, options]) => record(wx, api, options), [api, options]),
    /** Makes a start that goes on; `outcome()` waits for its end as `settle` does. */
    begin: async options => {
      await page.evaluate(options => {
        globalThis.begun = settle(wx.startSoterAuthentication(options));
      }, options);
      return { outcome: () => page.evaluate(() => begun) };
    },
    violations: () => page.evaluate(() => violations),
  };
};
