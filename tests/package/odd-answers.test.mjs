// What stands in for the browser's own answers: browser extensions and key managers hand out odd things. None of it may hang a
// call, break the calls beside it, or pass unchecked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage } from './site.mjs';

/** Has `get` answer with what `change` makes of the browser's answer, and settles a start beside a check. */
const standIn = () => {
  globalThis.startWith = async change => {
    const { credentials } = navigator;
    const get = Object.getPrototypeOf(credentials).get.bind(credentials);
    const plain = ({ rawId, id, type, response }) => {
      const { clientDataJSON, authenticatorData, signature, userHandle } = response;
      return { rawId, id, type, response: { clientDataJSON, authenticatorData, signature, userHandle } };
    };
    credentials.get = options => change(get(options), plain);
    const started = performance.now();
    const [start, check] = await Promise.all([
      settle(wx.startSoterAuthentication({ challenge: 'c' })),
      settle(wx.checkIsSupportSoterAuthentication()),
    ]);
    delete credentials.get;
    return { ...start, check: check.result.errCode, took: performance.now() - started };
  };
};

const opened = async t => {
  const { page, settle } = await open(t, addPage(), { prepare: standIn });
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  return { page, settle };
};

test('a plain object in place of a credential is as good, if what is in it holds', async t => {
  const { page } = await opened(t);
  const asked = await page.evaluate(() => startWith(async (answer, plain) => plain(await answer)));
  assert.deepEqual([asked.result.errCode, asked.check], [0, 0]);
});

test('an answer whose members throw is refused at once, and the next call works', async t => {
  const { page, settle } = await opened(t);
  for (const member of ['rawId', 'response', 'clientDataJSON', 'authenticatorData', 'signature']) {
    const asked = await page.evaluate(
      member =>
        startWith(async (answer, plain) => {
          const odd = plain(await answer);
          const broken = {
            get() {
              throw new Error('hands off');
            },
          };
          Object.defineProperty(member in odd ? odd : odd.response, member, broken);
          return odd;
        }),
      member,
    );
    assert.deepEqual([member, asked.succeeded, asked.result.errCode, asked.check], [member, false, 90009, 0]);
    assert.ok(asked.took < 20_000, `${member}: ${asked.took} ms`);
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  }
});

test('what answers without a promise, or with nothing that is one, settles the call', async t => {
  const { page, settle } = await opened(t);
  const odd = [
    ['() => null', 90007],
    ['() => undefined', 90007],
    ['() => ({})', 90009],
    ['() => "a text"', 90007],
    ['async () => ({ rawId: [1, 2], response: { clientDataJSON: {}, authenticatorData: new Date(), signature: 7 } })', 90009],
    ['() => { throw new Error("broken") }', 90007],
    ['() => { throw "a text" }', 90007],
    ['async () => { throw { get name() { throw 1 }, get message() { throw 2 } } }', 90007],
    ['() => ({ then() { throw new Error("no promise") } })', 90007],
  ];
  for (const [source, code] of odd) {
    const asked = await page.evaluate(source => startWith(new Function(`return ${source}`)()), source);
    assert.deepEqual([source, asked.succeeded, asked.result.errCode, asked.check], [source, false, code, 0]);
    // It may have put the key in doubt, which two starts settle.
    let healed = await settle('startSoterAuthentication', { challenge: 'c' });
    if (!healed.succeeded) healed = await settle('startSoterAuthentication', { challenge: 'c' });
    assert.equal(healed.result.errCode, 0, source);
  }
});

test('globals that are missing are named, and nothing hangs', async t => {
  const missing = [
    ['PublicKeyCredential', 90001],
    ['AuthenticatorAttestationResponse', 90001],
    ['AbortController', 0],
    ['Uint8Array.fromHex', 0],
    ['reportError', 0],
  ];
  for (const [name, code] of missing) {
    const { page, settle } = await open(t, addPage());
    await page.evaluate(path => {
      const names = path.split('.');
      const last = names.pop();
      const target = names.reduce((target, name) => target[name], globalThis);
      delete target[last];
      if (last in target) Object.defineProperty(target, last, { value: undefined });
    }, name);
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, code, name);
  }
});
