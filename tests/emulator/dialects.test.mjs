// Both dialects, in WeChat's words where they are WeChat's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator, failure, row } from './device.mjs';

const complete = { challenge: 'c', requestAuthModes: ['fingerPrint'] };

test("WeChat's demands what WeChat demands", async () => {
  const { wx } = createEmulator({ dialect: 'wechat' });
  assert.deepEqual(row(await failure(wx.startSoterAuthentication({ requestAuthModes: ['fingerPrint'] }))), [
    90004,
    'bad-parameter',
    'fail parameter error: parameter.challenge should be String instead of Undefined;',
  ]);
  assert.deepEqual(row(await failure(wx.startSoterAuthentication({ challenge: 'c' }))), [
    90003,
    'bad-parameter',
    'fail parameter error: parameter.requestAuthModes should be Array instead of Undefined;',
  ]);
  assert.deepEqual(row(await failure(wx.checkIsSoterEnrolledInDevice({}))), [
    90003,
    'bad-parameter',
    'fail parameter error: parameter.checkAuthMode should be String instead of Undefined;',
  ]);
  const { authMode } = await wx.startSoterAuthentication({ ...complete, authContent: 'Pay' });
  assert.equal(authMode, 'fingerPrint');
  assert.equal((await wx.checkIsSoterEnrolledInDevice({ checkAuthMode: 'facial' })).isEnrolled, true);
});

test("an unsupported device is a success with no modes in WeChat's", async () => {
  const { wx } = createEmulator({ dialect: 'wechat', supportMode: [] });
  assert.deepEqual(await wx.checkIsSupportSoterAuthentication(), {
    errMsg: 'checkIsSupportSoterAuthentication:ok',
    errCode: 0,
    supportMode: [],
  });
  assert.equal((await failure(wx.startSoterAuthentication(complete))).errCode, 90001);
});

test("the platform's demands nothing, and an unsupported device is a failure", async () => {
  const { wx } = createEmulator({ dialect: 'tcmpp' });
  assert.equal((await wx.startSoterAuthentication()).errCode, 0);
  assert.equal((await wx.checkIsSoterEnrolledInDevice()).isEnrolled, true);
  const unsupported = createEmulator({ dialect: 'tcmpp', supportMode: [] });
  assert.equal((await failure(unsupported.wx.checkIsSupportSoterAuthentication())).errCode, 90001);
});
