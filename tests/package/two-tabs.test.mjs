// Two tabs of one site share what is remembered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium-full.mjs';
import { addPage } from './site.mjs';

/** A second tab beside the first, on the same device: Chromium's virtual authenticators belong to one tab. */
const openSecond = async ({ page, tell }, url) => {
  const second = await page.context().newPage();
  const cdp = await page.context().newCDPSession(second);
  await cdp.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    ctap2Version: 'ctap2_1',
    transport: 'internal',
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  const { credentials } = await tell('getCredentials');
  for (const credential of credentials) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
  await second.goto(url);
  const start = () => second.evaluate(() => wx.startSoterAuthentication({ challenge: 'second tab' }));
  const held = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length;
  const clear = () => cdp.send('WebAuthn.clearCredentials', { authenticatorId });
  return { second, start, held, clear };
};

const id = ({ resultJSON }) => JSON.parse(resultJSON).cpu_id;

test('a second tab uses the key that the first one made', async t => {
  const url = addPage();
  const first = await open(t, url);
  const { result } = await first.settle('startSoterAuthentication', { challenge: 'first tab' });
  const { start, held } = await openSecond(first, url);
  assert.equal(id(await start()), id(result));
  assert.equal(await held(), 1);
});

test('a tab uses the key with which another replaced a lost one', async t => {
  const url = addPage();
  const first = await open(t, url);
  const { result } = await first.settle('startSoterAuthentication', { challenge: 'first tab' });
  const { start, clear } = await openSecond(first, url);
  await clear();
  for (const _ of [1, 2]) {
    await assert.rejects(start, /fail cancel/);
  }
  const healed = id(await start());
  assert.notEqual(healed, id(result));
  // Chromium tells tabs of each other's storage when it finds the time.
  await first.page.waitForFunction(id => JSON.stringify(localStorage).includes(id), healed);
  // The first tab's authenticator does not have the new key, so it cannot succeed; what counts is which key it asks for.
  const { asked, detail } = await first.page.evaluate(async () => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    const ids = [];
    navigator.credentials.get = options => {
      ids.push(...options.publicKey.allowCredentials.map(({ id }) => btoa(String.fromCharCode(...new Uint8Array(id)))));
      return get(options);
    };
    const { detail } = await wx.startSoterAuthentication({ challenge: 'first tab again' }).catch(error => error);
    return { asked: ids, detail };
  });
  assert.deepEqual(
    asked.map(id => Buffer.from(id, 'base64').toString('base64url')),
    [healed],
    detail,
  );
});

test('a tab with an open ceremony does not hold up another', async t => {
  const url = addPage();
  const first = await open(t, url);
  await first.settle('startSoterAuthentication', { challenge: 'first tab' });
  const { start, second } = await openSecond(first, url);
  await first.tell('setAutomaticPresenceSimulation', { enabled: false });
  const begun = await first.begin({ challenge: 'waits', authContent: 'x' });
  await second.bringToFront();
  assert.equal((await start()).errCode, 0);
  await first.page.bringToFront();
  await first.page.evaluate(() => document.querySelector('wx-soter-prompt').shadowRoot.querySelector('#n').click());
  assert.equal((await begun.outcome()).result.reason, 'cancelled');
});
