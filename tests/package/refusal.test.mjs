// An authenticator that refuses, lies or has lost its key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium-full.mjs';
import { addPage } from './site.mjs';

const enrolled = async (t, options) => {
  const opened = await open(t, addPage(), options);
  assert.equal((await opened.settle('startSoterAuthentication')).result.errCode, 0);
  return opened;
};

for (const bit of ['isBogusSignature', 'isBadUV', 'isBadUP']) {
  test(`an answer with ${bit} is never a success`, async t => {
    const { tell, settle, record } = await enrolled(t);
    await tell('setResponseOverrideBits', { [bit]: true });
    for (const options of [{ challenge: 'c' }, undefined]) {
      const { succeeded, result } = await settle('startSoterAuthentication', options);
      assert.equal(succeeded, false);
      assert.deepEqual([result.errCode, result.errMsg, result.reason], [90009, 'startSoterAuthentication:fail', 'not-verified']);
      assert.deepEqual([result.authMode, result.resultJSON, result.resultJSONSignature], ['', '', '']);
    }
    assert.deepEqual((await record('startSoterAuthentication', { challenge: 'c' })).events, [
      'returned a promise',
      'fail',
      'complete',
      'rejected',
    ]);
    await tell('setResponseOverrideBits', { [bit]: false });
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  });
}

for (const bit of ['isBadUV', 'isBadUP']) {
  test(`a new key with ${bit} is never kept`, async t => {
    const { page, tell, settle } = await open(t, addPage());
    await tell('setResponseOverrideBits', { [bit]: true });
    assert.equal((await settle('startSoterAuthentication')).result.reason, 'not-verified');
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  });
}

test('a person who is not verified is refused', async t => {
  const { tell, settle } = await enrolled(t);
  await tell('setUserVerified', { isUserVerified: false });
  const { result } = await settle('startSoterAuthentication', { challenge: 'c' });
  assert.deepEqual(
    [result.errCode, result.errMsg, result.reason],
    [90008, 'startSoterAuthentication:fail cancel', 'not-allowed'],
  );
  assert.match(result.detail, /^NotAllowedError/);
  await tell('setUserVerified', { isUserVerified: true });
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('a key that was deleted on the device heals itself on the third start', async t => {
  const { page, tell } = await open(t, addPage());
  await page.evaluate(() => {
    globalThis.made = [];
    globalThis.ours = WxSoter.createWx({ onKeyCreated: ({ id }) => void made.push(id) });
  });
  const start = () => page.evaluate(() => settle(ours.startSoterAuthentication({ challenge: 'c' })));
  const first = await start();
  await tell('clearCredentials');
  assert.equal((await start()).result.reason, 'not-allowed');
  assert.equal((await start()).result.reason, 'not-allowed');
  const healed = await start();
  assert.equal(healed.result.errCode, 0);
  const [before, after] = [first, healed].map(({ result }) => JSON.parse(result.resultJSON));
  assert.notEqual(before.cpu_id, after.cpu_id);
  assert.notEqual(before.uid, after.uid, 'each key has a handle of its own');
  assert.deepEqual(await page.evaluate(() => made), [before.cpu_id, after.cpu_id]);
  assert.equal((await tell('getCredentials')).credentials.length, 1);
  assert.equal((await start()).result.errCode, 0);
});

test('two refusals of a key that is there make no second one', async t => {
  const { tell, settle } = await enrolled(t);
  await tell('setUserVerified', { isUserVerified: false });
  for (let turn = 0; turn < 2; turn += 1) assert.equal((await settle('startSoterAuthentication')).result.reason, 'not-allowed');
  await tell('setUserVerified', { isUserVerified: true });
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  assert.equal((await tell('getCredentials')).credentials.length, 1);
});

test('the key is remembered over a reload, one for each user', async t => {
  const { page, tell, settle } = await enrolled(t);
  await page.reload();
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  assert.equal((await tell('getCredentials')).credentials.length, 1);
  await page.evaluate(() => WxSoter.createWx({ user: { id: 'ben' } }).startSoterAuthentication());
  assert.equal((await tell('getCredentials')).credentials.length, 2);
});
