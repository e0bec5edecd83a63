// A server that forgot something must not find that out by an answer that holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyAssertion, verifyRegistration, verifyResult } from '../../pkg/dist/server.js';
import { HERE, createPage } from './page.mjs';

const { registration, result } = await createPage().start('c');
const expected = { ...HERE, challenge: 'c' };
const { key } = await verifyRegistration(registration, expected);

const NO_ORIGINS = [
  ...['shop.example', 'localhost:8080', '//shop.example', 'https:shop.example', 'https://shop.example/', 'https://'],
  ...['https://shop.example:443', 'https://Shop.example', 'https://bücher.example', 'null', 'file:///', 'ftp://shop.example'],
  ...['blob:https://shop.example', 'HTTPS://shop.example', ' https://shop.example', 'https://ann@shop.example'],
  ...[
    'android:apk-key-hash',
    'android:apk-key-hash:',
    'ios:bundle-id:',
    'ios:shop.example',
    'Android:apk-key-hash:x',
    '',
    7,
    {},
    /./,
  ],
];

const EVERYWHERE = {
  challenge: [undefined, null, '', 7, {}, [], new Uint8Array(), new Uint16Array(8), 'lone \ud800', true],
  origin: [undefined, null, [], ...NO_ORIGINS, ...NO_ORIGINS.map(origin => ['https://shop.example', origin])],
  rpId: [undefined, null, '', 7, {}, [], 'https://shop.example', 'shop.example/', 'shop.example:443', 'Shop.example'],
  topOrigin: [null, [], ...NO_ORIGINS],
  userVerification: ['', 'preferred', null, false, 7],
  backup: ['', 'refuse', null, false],
};

const OF_ANSWERS = {
  counter: [null, -1, 1.5, NaN, '7', 2 ** 32, {}],
  uid: [null, '', 7, {}, new Uint8Array(), '\udc00'],
  onCounter: ['', 'ignore', null, false],
  key: [undefined, null, '', 'key', 7, [undefined], ['key']],
};

const complains = (promise, about) =>
  assert.rejects(promise, error => {
    assert.ok(error instanceof TypeError, String(error));
    assert.match(error.message, about);
    return true;
  });

const CALLS = { verifyResult: [verifyResult, result], verifyAssertion: [verifyAssertion, {}] };

for (const [name, [verify, sent]] of Object.entries(CALLS)) {
  test(`${name} complains of each wrong option by its name`, async () => {
    for (const [option, values] of Object.entries({ ...EVERYWHERE, ...OF_ANSWERS })) {
      for (const value of values) {
        await complains(verify(sent, { ...expected, key, [option]: value }), new RegExp(`^${name}: ${option} should be`));
      }
    }
    for (const option of ['challenge', 'origin', 'rpId', 'key']) {
      const { [option]: _, ...others } = { ...expected, key };
      await complains(verify(sent, others), new RegExp(`^${name}: ${option} should be`));
    }
  });

  test(`${name} complains of each member that a stored key lost`, async () => {
    for (const member of Object.keys(key)) {
      const { [member]: _, ...lost } = key;
      const about = new RegExp(`^${name}: key\\.${member} should be`);
      await complains(verify(sent, { ...expected, key: lost }), about);
      await complains(verify(sent, { ...expected, key: [key, lost] }), about);
      for (const other of [{}, null]) await complains(verify(sent, { ...expected, key: { ...key, [member]: other } }), about);
    }
    await complains(verify(sent, { ...expected, key: { ...key, id: 'A' } }), /key should be as verifyRegistration gave it/);
    await complains(verify(sent, { ...expected, key: { ...key, publicKey: '+/==' } }), /key\.publicKey/);
  });

  test(`${name} complains of an option that there is not`, async () => {
    await complains(verify(sent, { ...expected, key, origins: [] }), /there is no option origins/);
    for (const options of [undefined, null, 7, 'c', []])
      await complains(verify(sent, options), /the second argument should be an object/);
  });
}

test('verifyRegistration complains of each wrong option by its name', async () => {
  for (const [option, values] of Object.entries(EVERYWHERE)) {
    for (const value of values) {
      await complains(
        verifyRegistration(registration, { ...expected, [option]: value }),
        new RegExp(`^verifyRegistration: ${option} should be`),
      );
    }
  }
  for (const algorithms of [null, -7, [], ['ES256'], [-7, -65535], [7], 'ES256']) {
    await complains(verifyRegistration(registration, { ...expected, algorithms }), /algorithms should be an array of numbers/);
  }
  for (const attestation of [null, 7, 'none', []]) {
    await complains(verifyRegistration(registration, { ...expected, attestation }), /attestation should be an object/);
  }
  for (const member of ['none', 'self', 'certificates', 'unknownFormats']) {
    const attestation = { [member]: 'yes' };
    await complains(
      verifyRegistration(registration, { ...expected, attestation }),
      new RegExp(`attestation\\.${member} should be`),
    );
  }
  for (const compound of [true, null, 'none', 'as-unknown']) {
    await complains(
      verifyRegistration(registration, { ...expected, attestation: { compound } }),
      /attestation\.compound should be/,
    );
  }
  await complains(verifyRegistration(registration, { ...expected, attestation: { non: false } }), /no option attestation\.non$/);
  await complains(verifyRegistration(registration, { ...expected, key }), /there is no option key/);
  await complains(verifyRegistration(registration), /the second argument/);
});

test('an origin is a page’s as browsers write it, or an app’s', async () => {
  const pages = [
    'http://localhost:8080',
    'https://shop.example:8443',
    'https://xn--bcher-kva.example',
    'https://[::1]',
    HERE.origin,
  ];
  const apps = ['android:apk-key-hash:7d1043473d55bfa90e8530d35801d4e381bc69f0', 'ios:bundle-id:example.shop'];
  await verifyRegistration(registration, { ...expected, origin: [...pages, ...apps], topOrigin: [...pages, ...apps] });
  for (const origin of apps) {
    await assert.rejects(verifyRegistration(registration, { ...expected, origin }), { reason: 'origin-not-allowed' });
  }
  const should =
    /origin should be an origin as browsers write it, such as 'https:\/\/shop\.example', an app's .*'android:apk-key-hash:…'.*'ios:bundle-id:…'/;
  await complains(verifyRegistration(registration, { ...expected, origin: 'shop.example' }), should);
});

test('a counter kept beside the key serves where the key has none', async () => {
  const { counter: _, ...without } = key;
  assert.equal((await verifyResult(result, { ...expected, key: without, counter: 0 })).key.counter, 1);
});

test('a counter kept beside the keys is nobody’s where there are several', async () => {
  const { key: other } = await verifyRegistration((await createPage().start('c')).registration, expected);
  const { counter: _, ...without } = key;
  const about = /key\.counter should be a whole number in each of several keys, since the option counter is for one/;
  for (const keys of [
    [without, other],
    [other, without],
    [without, without],
  ])
    await complains(verifyResult(result, { ...expected, key: keys, counter: 0 }), about);
  assert.equal((await verifyResult(result, { ...expected, key: [without], counter: 0 })).key.counter, 1);
  assert.equal((await verifyResult(result, { ...expected, key: [other, key], counter: 0 })).key.id, key.id);
});

test('what else a store keeps with a key is not looked at', async () => {
  const row = { ...key, account: 'ann', created_at: new Date() };
  assert.deepEqual(Object.keys((await verifyResult(result, { ...expected, key: row })).key), Object.keys(key));
});

test('bytes are taken as they are', async () => {
  const challenge = new TextEncoder().encode('c');
  assert.equal((await verifyResult(result, { ...expected, challenge, key })).counter, 1);
  assert.equal((await verifyResult(result, { ...expected, challenge: Buffer.from('c'), key })).counter, 1);
});
