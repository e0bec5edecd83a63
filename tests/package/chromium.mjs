// Chromium with a virtual authenticator, for one test file.
import { chromium } from 'playwright-core';
import { after } from 'node:test';

const browser = await chromium.launch({ executablePath: process.env.WX_SOTER_CHROMIUM || '/usr/bin/chromium' });
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
  const complaints = [];
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
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
    complaints,
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

/** What every page gets: the functions behind `settle` and `record`, and an eye on its Content-Security-Policy. */
const watch = () => {
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    violations.push(`${effectiveDirective} ${blockedURI}`),
  );
  // The page's own may be broken by a test.
  const { setTimeout } = globalThis;
  const soon = answer =>
    Promise.race([answer, new Promise((_, reject) => setTimeout(() => reject(new Error('no answer in 20 s')), 20_000))]);
  const settled = promise =>
    promise.then(
      result => ({ succeeded: true, result }),
      error => ({ succeeded: false, isError: error instanceof Error, message: error.message, result: { ...error } }),
    );
  globalThis.settle = promise => soon(settled(promise));
  globalThis.record = (wx, api, options) => soon(recorded(wx, api, options));
  const recorded = async (wx, api, options) => {
    const events = [];
    const results = [];
    const note = name => result => {
      events.push(name);
      results.push(result);
    };
    const returned = wx[api]({ ...options, success: note('success'), fail: note('fail'), complete: note('complete') });
    events.push(returned instanceof Promise ? 'returned a promise' : `returned ${returned}`);
    const { succeeded, result } = await settled(Promise.resolve(returned));
    events.push(succeeded ? 'resolved' : 'rejected');
    // Whatever else comes would come soon.
    await new Promise(resolve => setTimeout(resolve, 20));
    const [first, second] = results;
    const promised = succeeded ? result === first : JSON.stringify(result) === JSON.stringify(first);
    return { events, same: first === second && promised, result: first };
  };
};
