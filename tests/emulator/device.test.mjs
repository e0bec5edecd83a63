// What a device is: what is enrolled, its settings, and that devices share nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as made from '../../pkg/dist/emulator.js';
import { createEmulator, failure } from './device.mjs';

const isEnrolled = async ({ wx }, checkAuthMode) =>
  (await wx.checkIsSoterEnrolledInDevice(checkAuthMode && { checkAuthMode })).isEnrolled;

test('it says what it is, once', () => {
  const { warn } = console;
  const warnings = [];
  console.warn = (...words) => warnings.push(words.join(' '));
  // Where it was understood, there is nothing to say.
  made.createEmulator({ warn: false });
  assert.deepEqual(warnings, []);
  const device = made.createEmulator();
  made.createEmulator();
  console.warn = warn;
  assert.equal(warnings.length, 1);
  assert.throws(() => made.createEmulator({ warn: 'no' }), /createEmulator: warn should be true or false/);
  assert.match(warnings[0], /EMULATOR.*protects nothing/);
  assert.equal(device.isEmulator, true);
  assert.deepEqual(Object.keys(device.wx).sort(), [
    'canIUse',
    'checkIsSoterEnrolledInDevice',
    'checkIsSupportSoterAuthentication',
    'startSoterAuthentication',
  ]);
  assert.equal(device.wx.canIUse('startSoterAuthentication.object.challenge'), true);
});

test('modes are enrolled and removed while it runs', async () => {
  const device = createEmulator({ enrolled: ['facial'] });
  assert.equal(await isEnrolled(device), true);
  assert.equal(await isEnrolled(device, 'facial'), true);
  assert.equal(await isEnrolled(device, 'fingerPrint'), false);
  device.remove('facial');
  assert.deepEqual(device.enrolled, []);
  assert.equal(await isEnrolled(device), false);
  assert.deepEqual((await device.wx.checkIsSupportSoterAuthentication()).supportMode, ['fingerPrint', 'facial']);
  assert.equal((await failure(device.wx.startSoterAuthentication())).errCode, 90011);
  device.enroll('fingerPrint');
  device.enroll('fingerPrint');
  assert.deepEqual(device.enrolled, ['fingerPrint']);
  assert.equal((await device.wx.startSoterAuthentication()).errCode, 0);
});

test('supported modes are reported, all three if need be', async () => {
  const device = createEmulator({ supportMode: ['speech', 'facial'] });
  assert.deepEqual((await device.wx.checkIsSupportSoterAuthentication()).supportMode, ['speech', 'facial']);
  assert.equal((await device.wx.startSoterAuthentication()).authMode, 'speech');
});

test('devices stand side by side', async () => {
  const keys = new Set();
  const open = Array.from({ length: 5 }, (_, i) => {
    let answer;
    const device = createEmulator({
      user: () => new Promise(resolve => (answer = resolve)),
      onKeyCreated: ({ id }) => keys.add(id),
    });
    const outcome = device.wx.startSoterAuthentication({ challenge: `c${i}` });
    return { device, outcome, answer: action => answer(action) };
  });
  // All are open at a time; the answers come in another order.
  for (const { answer } of [...open].reverse()) answer('accept');
  for (const [i, { outcome }] of open.entries()) assert.equal(JSON.parse((await outcome).resultJSON).raw, `c${i}`);
  assert.equal(keys.size, 5);
  open[0].device.user = 'mismatch';
  open[1].device.user = 'accept';
  assert.equal((await failure(open[0].device.wx.startSoterAuthentication())).errCode, 90010);
  open[1].device.remove('facial');
  assert.equal((await open[1].device.wx.startSoterAuthentication()).errCode, 0);
  assert.deepEqual(open[2].device.enrolled, ['fingerPrint', 'facial']);
});

test('what a caller does to its own objects changes nothing', async () => {
  const enrolled = ['facial'];
  const device = createEmulator({ enrolled });
  enrolled.push('fingerPrint');
  device.enrolled.push('fingerPrint');
  device.supportMode.length = 0;
  assert.deepEqual(device.enrolled, ['facial']);
  assert.deepEqual(device.supportMode, ['fingerPrint', 'facial']);
});

test('every action that is a setting is one in the module too', async () => {
  const actions = /one of (.*)/
    .exec(wrong(() => createEmulator({ user: 'x' })).message)[1]
    .replace(/'/g, '')
    .split(', ');
  assert.equal(actions.length, 13);
  for (const user of actions) {
    const device = createEmulator({ user, timeout: 5 });
    const outcome = await device.wx.startSoterAuthentication().catch(error => error);
    assert.notEqual(outcome.reason, 'internal', user);
  }
});

const wrong = action => {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof TypeError);
    return error;
  }
  assert.fail('it was accepted');
};

test('wrong settings are refused at once, in plain words', () => {
  const rows = [
    [7, /settings should be an object/],
    [[], /settings should be an object/],
    [null, /settings should be an object/],
    [{ supportMode: 'facial' }, /supportMode should be an array of 'fingerPrint', 'facial', 'speech'/],
    [{ supportMode: ['iris'] }, /supportMode should be an array of .*, not 'iris'$/],
    [{ supportMode: ['Facial'] }, /not 'Facial'; did you mean 'facial'\?/],
    [{ supportMode: ['facial'], enrolled: ['fingerPrint'] }, /enrolled should be an array of 'facial'/],
    [{ supportMode: [], enrolled: ['fingerPrint'] }, /enrolled should be empty/],
    [{ dialect: 'qq' }, /dialect should be one of 'any', 'wechat', 'tcmpp'/],
    [{ user: 'acept' }, /user should be a function or one of 'accept', 'cancel'/],
    [{ user: null }, /user should be/],
    [{ delay: -1 }, /delay should be a number of milliseconds/],
    [{ delay: NaN }, /delay should be/],
    [{ seed: {} }, /seed should be a text or a number/],
    [{ rpId: 7 }, /rpId should be a domain/],
    [{ origin: 'shop.example' }, /origin should be a web page's/],
    [{ origin: 'https://shop.example/' }, /origin should be a web page's/],
    [{ origin: 'file:///x' }, /origin should be a web page's/],
    [{ origin: 'https://shop.example', rpId: 'other.example' }, /rpId should be the host of https:\/\/shop.example/],
    [{ origin: 'https://ashop.example', rpId: 'shop.example' }, /rpId should be the host/],
    [{ timeout: 0 }, /timeout should be a number of milliseconds/],
    [{ timeout: '9' }, /timeout should be a number of milliseconds/],
    [{ onKeyCreated: 1 }, /onKeyCreated should be a function/],
    [{ prompt: 'window' }, /prompt should be a function or one of 'dialog', 'none'/],
    [{ suportMode: [] }, /there is no setting suportMode; did you mean supportMode\?$/],
    [{ enroled: ['facial'] }, /there is no setting enroled; did you mean enrolled\?$/],
    [{ rpID: 'shop.example' }, /there is no setting rpID; did you mean rpId\?$/],
    [{ storage: {} }, /there is no setting storage$/],
  ];
  for (const [settings, words] of rows) assert.match(wrong(() => createEmulator(settings)).message, words);
  const device = createEmulator({ supportMode: ['facial'] });
  assert.equal(
    wrong(() => device.install({}, { overide: true })).message,
    'install: there is no setting overide; did you mean override?',
  );
  assert.equal(wrong(() => device.install({}, { override: 1 })).message, 'install: override should be true or false');
  assert.equal(wrong(() => device.install({}, true)).message, 'install: the options should be an object');
  assert.match(wrong(() => device.enroll('fingerPrint')).message, /supports 'facial', not fingerPrint/);
  assert.match(wrong(() => device.remove('iris')).message, /supports 'facial', not iris/);
  assert.match(wrong(() => (device.user = 'x')).message, /user should be/);
});

test('it installs itself on a host, whose other names stay known', async () => {
  const { startSoterAuthentication, canIUse } = { startSoterAuthentication() {}, canIUse: schema => schema === 'request' };
  const device = createEmulator();
  const host = { startSoterAuthentication, canIUse };
  assert.equal(device.install(host), host);
  assert.equal(host.startSoterAuthentication, startSoterAuthentication);
  assert.equal((await host.checkIsSoterEnrolledInDevice()).isEnrolled, true);
  device.install(host, { override: true });
  assert.equal((await host.startSoterAuthentication()).errCode, 0);
  assert.deepEqual(
    ['request', 'login', 'startSoterAuthentication.object.challenge'].map(schema => host.canIUse(schema)),
    [true, false, true],
  );
});
