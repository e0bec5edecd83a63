// Where keys are remembered: a page's own storage, and records that are none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium.mjs';
import { addPage, at } from './site.mjs';

for (const [what, answer] of Object.entries({
  'a promise': () => Promise.resolve(null),
  'a promise of its own kind': () => ({ then: () => {} }),
  'an object': () => ({ id: 'AQID' }),
  'a number': () => 7,
})) {
  test(`a storage that answers with ${what} is named, and no key is made`, async t => {
    const { page, tell } = await open(t, addPage());
    for (let start = 0; start < 2; start += 1) {
      const { succeeded, result } = await page.evaluate(source => {
        const getItem = new Function(`return ${source}`)();
        const ours = WxSoter.createWx({ storage: { getItem, setItem: async () => {} } });
        return settle(ours.startSoterAuthentication({ challenge: 'c' }));
      }, String(answer));
      assert.deepEqual([succeeded, result.errCode, result.reason], [false, 90007, 'internal']);
      assert.match(result.detail, /setting storage: getItem should answer with a text or null, at once/);
    }
    assert.equal((await tell('getCredentials')).credentials.length, 0);
  });
}

test('a storage that drops what it is given costs one key a page, not one a start', async t => {
  const { page, tell } = await open(t, addPage());
  await page.evaluate(async () => {
    const ours = WxSoter.createWx({ storage: { getItem: () => null, setItem: () => {} } });
    for (const challenge of ['1', '2', '3']) await ours.startSoterAuthentication({ challenge });
  });
  assert.equal((await tell('getCredentials')).credentials.length, 1);
});

test('a record with too long a user handle counts as no key', async t => {
  const { page, settle, tell } = await open(t, addPage());
  await settle('startSoterAuthentication', { challenge: 'c' });
  await page.evaluate(() => {
    const [name] = Object.keys(localStorage);
    const record = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify({ ...record, userHandle: 'A'.repeat(88) }));
  });
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  assert.equal((await tell('getCredentials')).credentials.length, 2);
});

test('a host with the dot of the root at its end is a host', async t => {
  const { hostname, pathname } = new URL(addPage());
  const { settle } = await open(t, at(`${hostname}.`, pathname));
  assert.equal((await settle('checkIsSupportSoterAuthentication')).result.errCode, 0);
  const { result } = await settle('startSoterAuthentication', { challenge: 'c' });
  assert.deepEqual([result.errCode, result.detail], [0, undefined]);
});
