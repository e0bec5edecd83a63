// Key managers that stand in for the browser and hand out less than it does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyRegistration } from '../../pkg/dist/server.js';
import { open } from './chromium.mjs';
import { addPage } from './site.mjs';

/**
 * Has `create` hand out what a key manager makes of the browser's answer: plain objects, whose accessors `spoil` changes.
 */
const standIn = () => {
  globalThis.standIn = spoil => {
    const { credentials } = navigator;
    const create = Object.getPrototypeOf(credentials).create.bind(credentials);
    globalThis.asked = 0;
    credentials.create = async options => {
      asked += 1;
      const { rawId, id, type, authenticatorAttachment, response } = await create(options);
      const { clientDataJSON, attestationObject } = response;
      const answer = {
        clientDataJSON,
        attestationObject,
        getPublicKey: () => response.getPublicKey(),
        getPublicKeyAlgorithm: () => response.getPublicKeyAlgorithm(),
        getAuthenticatorData: () => response.getAuthenticatorData(),
        getTransports: () => response.getTransports(),
      };
      spoil(answer);
      return { rawId, id, type, authenticatorAttachment, response: answer };
    };
  };
};

const ACCESSORS = ['getPublicKey', 'getPublicKeyAlgorithm', 'getAuthenticatorData', 'getTransports'];
const SPOILT = {
  missing: (answer, accessor) => delete answer[accessor],
  null: (answer, accessor) => (answer[accessor] = () => null),
  empty: (answer, accessor) => (answer[accessor] = () => new ArrayBuffer(0)),
  'bytes of something else': (answer, accessor) => (answer[accessor] = () => new Uint8Array([4, 1, 2, 3]).buffer),
  'a plain object': (answer, accessor) => (answer[accessor] = () => ({ 0: 4, 1: 2 })),
  throwing: (answer, accessor) =>
    (answer[accessor] = () => {
      throw new Error('not implemented');
    }),
};

for (const [how, spoil] of Object.entries(SPOILT)) {
  test(`accessors that are ${how} are done without`, async t => {
    const { page, tell } = await open(t, addPage(), { prepare: standIn });
    for (const accessors of [...ACCESSORS.map(accessor => [accessor]), ACCESSORS]) {
      const { registration, signed, asked } = await page.evaluate(
        async ([source, accessors]) => {
          const spoil = new Function(`return ${source}`)();
          standIn(answer => accessors.forEach(accessor => spoil(answer, accessor)));
          let registration;
          const user = { id: String(accessors.length) + accessors[0] };
          const ours = WxSoter.createWx({ user, onKeyCreated: json => void (registration = json) });
          await ours.startSoterAuthentication({ challenge: 'first' });
          const { resultJSON } = await ours.startSoterAuthentication({ challenge: 'second' });
          return { registration, signed: JSON.parse(resultJSON).cpu_id, asked };
        },
        [String(spoil), accessors],
      );
      assert.equal(signed, registration.id);
      assert.equal(asked, 1);
      assert.ok(registration.response.publicKey && registration.response.authenticatorData);
      assert.equal(registration.response.publicKeyAlgorithm, -7);
      const expected = { challenge: 'first', rpId: 'localhost', origin: new URL(page.url()).origin };
      await verifyRegistration(registration, expected);
    }
    assert.equal((await tell('getCredentials')).credentials.length, ACCESSORS.length + 1);
  });
}

test('an answer of which nothing can be used says so, and makes no key at each start', async t => {
  const { page, settle } = await open(t, addPage(), { prepare: standIn });
  await page.evaluate(() =>
    standIn(answer => {
      delete answer.getPublicKey;
      answer.attestationObject = { 0: 1 };
    }),
  );
  for (let start = 0; start < 5; start += 1) {
    const { succeeded, result } = await settle('startSoterAuthentication', { challenge: 'c' });
    assert.deepEqual([succeeded, result.errCode, result.reason], [false, 90009, 'not-verified']);
    assert.match(
      result.detail,
      start === 0 ? /the key manager's answer is incomplete.*reload the page/ : /reload the page and try again/,
    );
  }
  assert.equal(await page.evaluate(() => asked), 1);
  // What the message says, works: another key manager, or the same page anew.
  await page.evaluate(() => delete navigator.credentials.create);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('after a reload a key manager that was of no use may try again', async t => {
  const { page, settle } = await open(t, addPage(), { prepare: standIn });
  await page.evaluate(() =>
    standIn(answer => {
      delete answer.getPublicKey;
      delete answer.attestationObject;
    }),
  );
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.reason, 'not-verified');
  await page.reload();
  await page.evaluate(() => standIn(() => {}));
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('without WebCrypto no key is made that could not be checked', async t => {
  const prepare = () => Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
  const { settle, tell } = await open(t, addPage(), { prepare });
  for (const api of ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice']) {
    const { result } = await settle(api);
    assert.deepEqual([result.errCode, result.reason], [90001, 'no-webauthn']);
    assert.match(result.detail, /crypto\.subtle is missing/);
  }
  assert.equal((await tell('getCredentials')).credentials.length, 0);
});

test("a page's own toJSON changes no result", async t => {
  const { page } = await open(t, addPage());
  const [first, later] = await page
    .evaluate(async () => {
      for (const { prototype } of [Object, Array, String, Number, Boolean]) prototype.toJSON = () => ({});
      const results = [];
      for (const challenge of ['one', 'two']) results.push((await wx.startSoterAuthentication({ challenge })).resultJSON);
      return results.join('\n');
    })
    .then(text => text.split('\n').map(line => JSON.parse(line)));
  assert.deepEqual([first.raw, later.raw], ['one', 'two']);
  assert.ok(first.cpu_id && first.cpu_id === later.cpu_id && first.webauthn.clientDataJSON);
});
