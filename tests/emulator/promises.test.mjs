// Every call of a device returns a promise, callbacks or not; a callback that is none is a bad parameter.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createEmulator, failure } from './device.mjs';

const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];
const soon = () => new Promise(resolve => setTimeout(resolve, 20));

test('code that awaits a call with callbacks goes on after a success alone', async () => {
  const device = createEmulator();
  const host = device.install({});
  const pay = async (wx, callbacks) => {
    await wx.startSoterAuthentication({ challenge: 'c', ...callbacks });
    return 'PAID';
  };
  for (const wx of [device.wx, host]) {
    for (const callbacks of [{ complete() {} }, { success() {}, fail() {} }, { success: undefined }, { fail: null }, {}]) {
      device.user = 'accept';
      assert.equal(await pay(wx, callbacks), 'PAID');
      device.user = 'cancel';
      assert.equal((await failure(pay(wx, callbacks))).errCode, 90008);
    }
  }
});

test('callbacks and promise get the same, once, in this order, and after the call', async () => {
  for (const [supportMode, event, end] of [
    [['facial'], 'success', 'resolved'],
    [[], 'fail', 'rejected'],
  ]) {
    const { wx } = createEmulator({ supportMode });
    for (const api of CALLS) {
      const events = [];
      const results = [];
      const note = name => result => {
        events.push(name);
        results.push(result);
      };
      const returned = wx[api]({ success: note('success'), fail: note('fail'), complete: note('complete') });
      events.push('returned');
      assert.ok(returned instanceof Promise);
      await returned.then(note('resolved'), note('rejected'));
      await soon();
      assert.deepEqual([api, events], [api, ['returned', event, 'complete', end]]);
      const [first, second, promised] = results;
      assert.equal(first, second);
      if (event === 'success') assert.equal(promised, first);
      else assert.deepEqual([promised instanceof Error, promised.message, { ...promised }], [true, first.errMsg, { ...first }]);
    }
  }
});

test('a rejection that nobody looks at is an unhandled one only where there is no callback', async () => {
  // In a program of its own, since the runner of these tests counts them as well.
  const program = `
    import { createEmulator } from '${new URL('../../pkg/dist/emulator.js', import.meta.url)}'
    console.warn = () => {}
    const { wx } = createEmulator({ user: 'cancel' })
    const unhandled = []
    process.on('unhandledRejection', ({ errCode, errMsg }) => {
      unhandled.push(errMsg.split(' instead of ').pop())
      // That of the last call, which takes longest.
      if (errCode === 90008) console.log(JSON.stringify(unhandled))
    })
    const nothing = () => {}
    // Each fails for an authContent of another type, by which it is told from the others.
    wx.startSoterAuthentication({ authContent: 1, success: nothing })
    wx.startSoterAuthentication({ authContent: true, fail: nothing })
    wx.startSoterAuthentication({ authContent: [], complete: nothing })
    wx.startSoterAuthentication({ authContent: null, success: undefined, complete: null })
    wx.startSoterAuthentication({ authContent: new Map() })
    wx.startSoterAuthentication({ success: 'callback_1' })
    wx.startSoterAuthentication()`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  assert.deepEqual(JSON.parse(stdout), ['Null;', 'Map;', 'String;', 'startSoterAuthentication:fail cancel']);
});

test('a callback that is none is a bad parameter, and nobody is asked', async () => {
  for (const dialect of ['any', 'wechat', 'tcmpp']) {
    let asked = 0;
    const device = createEmulator({ dialect, user: () => (asked++, 'accept'), onKeyCreated: () => asked++ });
    const options = { challenge: 'c', requestAuthModes: ['facial'], checkAuthMode: 'facial' };
    for (const api of CALLS) {
      const ran = [];
      const failed = await failure(
        device.wx[api]({ ...options, success: 'callback_1', fail: 7, complete: ({ errCode }) => ran.push(errCode) }),
      );
      assert.deepEqual([failed.errCode, failed.reason, ran], [90003, 'bad-parameter', [90003]]);
      const words = 'parameter.success should be Function instead of String;parameter.fail should be Function instead of Number;';
      assert.equal(failed.errMsg, `${api}:fail parameter error: ${words}`);
    }
    assert.equal(asked, 0);
  }
});
