// The recipe for uni-app outside H5, on a `uni` that answers as that of Vue 2: its own promises resolve, whatever happened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipe } from '../recipe.mjs';
import { createEmulator } from './device.mjs';

/** What uni-app's compiler leaves of a file elsewhere. */
const elsewhere = code => code.replace(/\/\/ #ifdef H5[^]*?\/\/ #endif/g, '');

const device = createEmulator();
const { canIUse, ...calls } = device.wx;
/** With callbacks it returns nothing; without, a promise of `[error, result]`. */
const ofVue2 = call => options => {
  const { success, fail, complete } = options ?? {};
  const settled = call(options).then(
    result => [null, result],
    error => [error],
  );
  return success || fail || complete ? undefined : settled;
};
globalThis.uni = Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, ofVue2(call)]));
const { soterFor } = await import(`data:text/javascript,${encodeURIComponent(elsewhere(recipe('uni-app on H5')))}`);
const soter = soterFor('ann', () => {});

test('this `uni` is one whose refusals resolve', async () => {
  device.user = 'cancel';
  assert.equal((await uni.startSoterAuthentication({ challenge: 'c' }))[0].errCode, 90008);
});

test('a press that was cancelled goes no further, with callbacks and without', async () => {
  for (const name of Object.keys(calls)) assert.equal(typeof soter[name], 'function');
  for (const callbacks of [undefined, 'success', 'fail', 'complete']) {
    const heard = [];
    const options = { challenge: 'c', ...(callbacks && { [callbacks]: ({ errMsg }) => heard.push(errMsg) }) };
    device.user = 'cancel';
    await assert.rejects(soter.startSoterAuthentication(options), { errCode: 90008 });
    device.user = 'accept';
    const { errMsg, resultJSON } = await soter.startSoterAuthentication(options);
    assert.equal(errMsg, 'startSoterAuthentication:ok');
    assert.equal(JSON.parse(resultJSON).raw, 'c');
    const all = ['startSoterAuthentication:fail cancel', 'startSoterAuthentication:ok'];
    assert.deepEqual(heard, { undefined: [], success: all.slice(1), fail: all.slice(0, 1), complete: all }[callbacks]);
  }
});

test('the checks answer without options, too', async () => {
  const { supportMode } = await soter.checkIsSupportSoterAuthentication();
  assert.deepEqual(supportMode, ['fingerPrint', 'facial']);
  assert.equal((await soter.checkIsSoterEnrolledInDevice({ checkAuthMode: 'facial' })).isEnrolled, true);
});
