// What changes while a call is open, and what is odd about devices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator } from '../../pkg/dist/emulator.js';

console.warn = () => {};

const codeOf = promise =>
  promise.then(
    ({ errCode }) => errCode,
    ({ errCode }) => errCode,
  );

test('a mode that is removed while the person is asked is not verified any more', async () => {
  for (const options of [{}, { challenge: 'c' }]) {
    let answer;
    const device = createEmulator({ user: () => new Promise(resolve => (answer = resolve)) });
    const started = codeOf(device.wx.startSoterAuthentication(options));
    await new Promise(setImmediate);
    device.remove('fingerPrint');
    answer('accept');
    assert.equal(await started, 90011);
  }
});

test('one call does not ask for ever, whatever is unlocked meanwhile', async () => {
  let asked = 0;
  const device = createEmulator({
    user() {
      asked += 1;
      device.unlock();
      return 'mismatch';
    },
  });
  assert.equal(await codeOf(device.wx.startSoterAuthentication()), 90010);
  assert.equal(asked, 5);
});

test('what is in the way of a start is in the way of the checks', async () => {
  for (const user of ['no-webauthn', 'blocked-by-policy', 'insecure-context', 'invalid-host']) {
    const { wx } = createEmulator({ user });
    for (const name of ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice']) {
      const failure = await wx[name]().catch(error => error);
      assert.deepEqual([failure.errCode, failure.reason], [90001, user], name);
    }
  }
});

test('a delay ends with its call', async t => {
  const cleared = [];
  t.mock.method(globalThis, 'clearTimeout', timer => cleared.push(timer));
  const timers = [];
  t.mock.method(globalThis, 'setTimeout', (action, ms) => timers.push([action, ms]));
  const device = createEmulator({ delay: 5000, timeout: 1000 });
  const started = codeOf(device.wx.startSoterAuthentication());
  await new Promise(setImmediate);
  const [deadline] = timers.find(([, ms]) => ms === 1000);
  deadline({ event: 'timeout' });
  assert.equal(await started, 90007);
  assert.equal(cleared.length, 2, 'the deadline and the delay');
});

test('wrong settings are named', () => {
  assert.throws(() => createEmulator({ supportMode: [, 'facial'] }), /supportMode should be/);
  for (const rpId of ['Shop.Example', 'a b', 'shop.example:443'])
    assert.throws(() => createEmulator({ rpId }), /rpId should be a domain/);
});
