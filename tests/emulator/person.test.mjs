// The person: what the device shows them, mismatches and the lock, and that one verification serves a whole call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator, failure } from './device.mjs';

const start = { challenge: 'c', authContent: 'Pay 12.00', requestAuthModes: ['facial'] };

test('a function is asked with what the device shows', async () => {
  const asked = [];
  const device = createEmulator({ user: shown => (asked.push(shown), 'accept') });
  assert.equal((await device.wx.startSoterAuthentication(start)).authMode, 'facial');
  await device.wx.startSoterAuthentication();
  assert.deepEqual(asked, [
    { authContent: 'Pay 12.00', authMode: 'facial', attempt: 1 },
    { authContent: '', authMode: 'fingerPrint', attempt: 1 },
  ]);
});

test('a mismatch calls nothing back, and the person is asked again', async () => {
  const attempts = [];
  const device = createEmulator({
    user: async ({ attempt }) => {
      attempts.push(attempt);
      return attempt < 4 ? 'mismatch' : 'accept';
    },
  });
  const events = [];
  const note = name => () => events.push(name);
  await device.wx.startSoterAuthentication({
    ...start,
    success: note('success'),
    fail: note('fail'),
    complete: note('complete'),
  });
  assert.deepEqual(attempts, [1, 2, 3, 4]);
  assert.deepEqual(events, ['success', 'complete']);
});

test('mismatches count across calls, and an accept forgets them', async () => {
  const deeds = [];
  const device = createEmulator({ user: () => deeds.shift() });
  const run = (...todo) => {
    deeds.push(...todo);
    return device.wx.startSoterAuthentication(start);
  };
  await failure(run('mismatch', 'mismatch', 'mismatch', 'mismatch', 'cancel'));
  await run('accept');
  await failure(run('mismatch', 'mismatch', 'mismatch', 'cancel'));
  assert.equal((await failure(run('mismatch', 'mismatch', 'never asked'))).reason, 'locked-out');
  assert.deepEqual(deeds, ['never asked']);
});

test('a locked device asks nobody, until it is unlocked', async () => {
  let asked = 0;
  const device = createEmulator({ user: () => (asked++, 'mismatch') });
  assert.equal((await failure(device.wx.startSoterAuthentication(start))).errCode, 90010);
  assert.equal(asked, 5);
  device.user = () => (asked++, 'accept');
  assert.equal((await failure(device.wx.startSoterAuthentication(start))).errCode, 90010);
  assert.equal(asked, 5);
  assert.equal((await device.wx.checkIsSoterEnrolledInDevice()).isEnrolled, true);
  device.unlock();
  assert.equal((await device.wx.startSoterAuthentication(start)).errCode, 0);
  assert.equal(asked, 6);
});

test('a first use with a challenge asks once, although it makes a key and signs', async () => {
  let asked = 0;
  let made = 0;
  const device = createEmulator({ user: () => (asked++, 'accept'), onKeyCreated: () => void made++ });
  const { resultJSON } = await device.wx.startSoterAuthentication(start);
  assert.deepEqual([asked, made, JSON.parse(resultJSON).counter], [1, 1, 1]);
});

test('a key in doubt is found again: after two refusals the same key signs', async () => {
  const device = createEmulator();
  const id = async () => JSON.parse((await device.wx.startSoterAuthentication(start)).resultJSON).cpu_id;
  const first = await id();
  device.user = 'not-allowed';
  for (const _ of [1, 2, 3]) await failure(device.wx.startSoterAuthentication(start));
  device.user = 'accept';
  assert.equal(await id(), first);
});

test('an authenticator that has verified nobody is refused for its new key, too', async () => {
  const device = createEmulator({ user: 'not-verified' });
  assert.equal((await failure(device.wx.startSoterAuthentication())).errCode, 90009);
  device.user = 'accept';
  await device.wx.startSoterAuthentication();
  device.user = 'not-verified';
  const failed = await failure(device.wx.startSoterAuthentication(start));
  assert.deepEqual([failed.errCode, failed.detail], [90009, 'the user-verified bit is not set']);
});

test('a prompt shows what is asked, may cancel, and is told when to go', async () => {
  const shown = [];
  const device = createEmulator({
    user: 'ignore',
    prompt: request => {
      shown.push(request);
      setTimeout(request.cancel);
    },
  });
  assert.equal((await failure(device.wx.startSoterAuthentication(start))).reason, 'cancelled');
  const [{ authContent, authMode, signal }] = shown;
  assert.deepEqual([authContent, authMode, signal.aborted], ['Pay 12.00', 'facial', true]);
});
