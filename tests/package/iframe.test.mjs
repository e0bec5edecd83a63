// In a frame of another origin, with and without the embedding page's permission.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium-full.mjs';
import { addPage, addScript, at, tag } from './site.mjs';

const GET = 'publickey-credentials-get';
const CREATE = 'publickey-credentials-create';

const openFrame = async (t, allow, { onLoad = '' } = {}) => {
  const head = `${tag()}<script src="${addScript(onLoad)}"></script>`;
  const inner = addPage({ head, body: '<button id="go">Go</button>' });
  const src = at('a.localhost', new URL(inner).pathname);
  const opened = await open(
    t,
    addPage({ head: '', body: `<iframe src="${src}" allow="${allow}" width="600" height="500"></iframe>` }),
  );
  const frame = opened.page.frames().find(frame => frame.url() === src);
  await frame.waitForFunction(() => globalThis.WxSoter);
  const settle = (api, options) => frame.evaluate(([api, options]) => settle(wx[api](options)), [api, options]);
  return { ...opened, frame, settle };
};

test('without permission every call says that policy blocks it', async t => {
  const { settle, frame } = await openFrame(t, '');
  for (const [api, words, fields] of [
    ['startSoterAuthentication', 'fail not support soter', { resultJSON: '' }],
    ['checkIsSupportSoterAuthentication', 'fail not support', { supportMode: [] }],
    ['checkIsSoterEnrolledInDevice', 'fail not support', { isEnrolled: false }],
  ]) {
    const { succeeded, result } = await settle(api, { challenge: 'c' });
    assert.equal(succeeded, false);
    assert.deepEqual([result.errMsg, result.errCode, result.reason], [`${api}:${words}`, 90001, 'blocked-by-policy']);
    assert.deepEqual({ ...result, ...fields }, result);
  }
  assert.equal(await frame.locator('wx-soter-prompt').count(), 0);
});

test('permission to sign alone is not enough for a first use', async t => {
  const { settle } = await openFrame(t, GET);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.reason, 'blocked-by-policy');
});

test('a header of the page itself blocks as well', async t => {
  const headers = { 'permissions-policy': `${GET}=(), ${CREATE}=()` };
  const { settle } = await open(t, addPage({ headers }));
  assert.equal((await settle('checkIsSupportSoterAuthentication')).result.reason, 'blocked-by-policy');
});

test('with permission a first use without a click asks for one in the dialog, and goes on', async t => {
  // From a script of the page, since what a test evaluates counts as a click.
  const onLoad = "globalThis.ended = settle(wx.startSoterAuthentication({ challenge: 'c' }))";
  const { frame, settle, tell } = await openFrame(t, `${GET}; ${CREATE}`, { onLoad });
  const proceed = frame.getByRole('button', { name: 'Continue' });
  await proceed.waitFor();
  assert.equal(await proceed.evaluate(button => button.getRootNode().activeElement === button), true);
  await proceed.click();
  const { result } = await frame.evaluate(() => ended);
  assert.equal(result.errCode, 0);
  assert.equal(JSON.parse(result.resultJSON).raw, 'c');
  assert.equal((await tell('getCredentials')).credentials[0].rpId, 'a.localhost');
  assert.equal(await frame.locator('wx-soter-prompt').count(), 0);
  // A later use needs none.
  assert.equal((await settle('startSoterAuthentication', { challenge: 'd' })).result.errCode, 0);
});

test('the click that calls for the first time is enough', async t => {
  const { frame } = await openFrame(t, `${GET}; ${CREATE}`);
  await frame.evaluate(() => {
    globalThis.asked = 0;
    const prompt = () => ({ askForClick: () => new Promise(() => (asked += 1)) });
    document.getElementById('go').onclick = () => {
      globalThis.ended = settle(WxSoter.createWx({ prompt }).startSoterAuthentication({ challenge: 'c' }));
    };
  });
  await frame.click('#go');
  assert.equal((await frame.evaluate(() => ended)).result.errCode, 0);
  assert.equal(await frame.evaluate(() => asked), 0);
});
