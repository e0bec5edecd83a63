// Nothing waits for real time: clocks that a test moves are the only ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator, failure } from './device.mjs';

/** Lets everything happen that waits for no clock. */
const settle = async () => {
  for (let i = 0; i < 200; i++) await 0;
};

/** What a promise has come to so far. */
const watch = promise => {
  const watched = {};
  promise.then(
    result => (watched.result = result),
    error => (watched.error = error),
  );
  return watched;
};

const mock = t => t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });

test('a person who ignores meets the deadline of 60 s', async t => {
  mock(t);
  const device = createEmulator({ user: 'ignore' });
  const call = watch(device.wx.startSoterAuthentication());
  await settle();
  t.mock.timers.tick(59_999);
  await settle();
  assert.deepEqual(call, {});
  t.mock.timers.tick(1);
  await settle();
  assert.equal(call.error.reason, 'timeout');
  device.user = 'accept';
  assert.equal((await device.wx.startSoterAuthentication()).errCode, 0);
});

test('a delay is before each answer', async t => {
  mock(t);
  const device = createEmulator({ user: ({ attempt }) => (attempt < 3 ? 'mismatch' : 'accept'), delay: 1000 });
  const call = watch(device.wx.startSoterAuthentication());
  for (const _ of [1, 2]) {
    await settle();
    t.mock.timers.tick(1000);
  }
  await settle();
  t.mock.timers.tick(999);
  await settle();
  assert.deepEqual(call, {});
  t.mock.timers.tick(1);
  await settle();
  assert.equal(call.result.errCode, 0);
});

test('the deadline is of the whole call, mismatches and all', async t => {
  mock(t);
  const device = createEmulator({ user: 'mismatch', delay: 400, timeout: 1000 });
  const call = watch(device.wx.startSoterAuthentication());
  for (const _ of [1, 2]) {
    await settle();
    t.mock.timers.tick(400);
  }
  await settle();
  t.mock.timers.tick(200);
  await settle();
  assert.equal(call.error.reason, 'timeout');
});

test('the lock opens after 30 s', async t => {
  mock(t);
  const device = createEmulator({ user: 'mismatch' });
  assert.equal((await failure(device.wx.startSoterAuthentication())).reason, 'locked-out');
  device.user = 'accept';
  t.mock.timers.tick(29_999);
  assert.equal((await failure(device.wx.startSoterAuthentication())).reason, 'locked-out');
  t.mock.timers.tick(1);
  assert.equal((await device.wx.startSoterAuthentication()).errCode, 0);
});

test('an onKeyCreated that hangs meets the deadline', async t => {
  mock(t);
  const device = createEmulator({ onKeyCreated: () => new Promise(() => {}) });
  const call = watch(device.wx.startSoterAuthentication());
  await settle();
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(call.error.reason, 'timeout');
});

test('without a delay an answer needs no clock at all', async t => {
  mock(t);
  const { wx } = createEmulator();
  assert.equal((await wx.startSoterAuthentication({ challenge: 'c' })).errCode, 0);
});
