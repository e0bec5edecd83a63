// Pages with a strict Content-Security-Policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage, addScript, tag } from './site.mjs';

const EMPTY = {
  startSoterAuthentication: { authMode: '', resultJSON: '', resultJSONSignature: '' },
  checkIsSupportSoterAuthentication: { supportMode: [] },
  checkIsSoterEnrolledInDevice: { isEnrolled: false },
};

const policed = policy => addPage({ headers: { 'content-security-policy': policy } });

test("without 'wasm-unsafe-eval' every call fails once, and names the word", async t => {
  const { settle, record } = await open(t, policed("default-src 'none'; script-src 'self'"));
  for (const [api, fields] of Object.entries(EMPTY)) {
    const { succeeded, isError, message, result } = await settle(api, { challenge: 'c' });
    assert.deepEqual([succeeded, isError, message], [false, true, `${api}:fail internal error`]);
    const { detail, ...rest } = result;
    assert.deepEqual(rest, { errMsg: message, errCode: 90007, reason: 'webassembly-blocked', ...fields });
    assert.match(detail, /'wasm-unsafe-eval'.*script-src/);

    const answered = await record(api, { challenge: 'c' });
    assert.deepEqual(answered.events, ['returned a promise', 'fail', 'complete', 'rejected']);
    assert.ok(answered.same);
    assert.deepEqual(answered.result, result);
  }
});

test("without 'wasm-unsafe-eval' several calls at once all fail, and canIUse promises nothing", async t => {
  const { page } = await open(t, policed("default-src 'none'; script-src 'self'"));
  const seen = await page.evaluate(async () => {
    const before = wx.canIUse('startSoterAuthentication');
    const calls = [1, 2, 3].map(() => settle(wx.startSoterAuthentication()));
    const reasons = (await Promise.all(calls)).map(({ result }) => result.reason);
    return { before, reasons, after: wx.canIUse('startSoterAuthentication') };
  });
  assert.deepEqual(seen, { before: false, reasons: Array(3).fill('webassembly-blocked'), after: false });
});

for (const policy of [
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'",
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
]) {
  test(`nothing is violated, and the dialog has its looks, under ${policy}`, async t => {
    const calls = addScript(
      `globalThis.run = () => settle(wx.startSoterAuthentication({ challenge: 'c', authContent: '<b>Pay</b>' }))`,
    );
    const headers = { 'content-security-policy': policy };
    const url = addPage({ head: `${tag()}<script src="${calls}"></script>`, headers });
    const { page, pageErrors, violations, tell } = await open(t, url);
    assert.equal((await page.evaluate(() => run())).result.errCode, 0);
    await tell('setAutomaticPresenceSimulation', { enabled: false });
    await page.evaluate(() => void (globalThis.ended = run()));
    await page.waitForFunction(() => document.querySelector('wx-soter-prompt'));
    const { look, isOld } = await page.evaluate(() => {
      const dialog = document.querySelector('wx-soter-prompt').shadowRoot.querySelector('dialog');
      const { borderTopLeftRadius, backgroundColor } = getComputedStyle(dialog);
      const { minHeight } = getComputedStyle(dialog.querySelector('#n'));
      return { look: { borderTopLeftRadius, backgroundColor, minHeight }, isOld: !('replaceSync' in CSSStyleSheet.prototype) };
    });
    // Safari before 16.4 has no style sheet that a strict policy allows; there the dialog has the browser's own look.
    if (!isOld) assert.deepEqual(look, { borderTopLeftRadius: '20px', backgroundColor: 'rgb(255, 255, 255)', minHeight: '44px' });
    await page.keyboard.press('Escape');
    assert.equal((await page.evaluate(() => ended)).result.reason, 'cancelled');
    assert.deepEqual(await violations(), []);
    assert.deepEqual(pageErrors, []);
  });
}
