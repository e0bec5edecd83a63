// What breaks the module without being a panic of its own: a page whose globals throw.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium.mjs';
import { addPage } from './site.mjs';

/** Breaks a global while `during` runs; both are code in the page. */
const withBroken = () => {
  globalThis.withBroken = async (object, name, during) => {
    const real = object[name];
    let reached = 0;
    object[name] = () => {
      reached += 1;
      object[name] = real;
      throw new Error(`${name} is broken`);
    };
    const ended = await during();
    object[name] = real;
    return { ended, reached };
  };
};

const assertAbandoned = ({ succeeded, result }, api = 'startSoterAuthentication') => {
  assert.deepEqual([succeeded, result.errCode, result.reason], [false, 90007, 'internal']);
  assert.equal(result.errMsg, `${api}:fail internal error`);
  assert.match(result.detail, /broken/);
};

test('a trap within the call settles it, and the next call works', async t => {
  const { page, settle } = await open(t, addPage(), { prepare: withBroken });
  // The module's own start is another matter.
  await settle('checkIsSupportSoterAuthentication');
  const { ended, reached } = await page.evaluate(() =>
    withBroken(TextDecoder.prototype, 'decode', () => settle(wx.startSoterAuthentication({ challenge: 'c' }))),
  );
  assert.equal(reached, 1);
  assertAbandoned(ended);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('a trap within the call runs its callbacks once', async t => {
  const { page, record } = await open(t, addPage(), { prepare: withBroken });
  await record('checkIsSupportSoterAuthentication');
  const { ended, reached } = await page.evaluate(() =>
    withBroken(TextDecoder.prototype, 'decode', () => record(wx, 'startSoterAuthentication', { challenge: 'c' })),
  );
  assert.equal(reached, 1);
  assert.deepEqual(ended.events, ['returned a promise', 'fail', 'complete', 'rejected']);
});

test('a trap as the ceremony begins settles the call and takes the dialog away', async t => {
  const options = { prepare: withBroken, authenticator: { automaticPresenceSimulation: false } };
  const { page, settle, tell } = await open(t, addPage(), options);
  const { ended, reached } = await page.evaluate(() =>
    withBroken(globalThis, 'setTimeout', () => settle(wx.startSoterAuthentication({ challenge: 'c' }))),
  );
  assert.equal(reached, 1);
  assertAbandoned(ended);
  assert.equal(await page.locator('wx-soter-prompt').count(), 0);
  // And the browser's request is given up, or the next would be refused.
  await tell('setAutomaticPresenceSimulation', { enabled: true });
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('a trap in a later microtask settles the call, once, and the next call works', async t => {
  const { page, record } = await open(t, addPage(), { prepare: withBroken });
  const { ended, reached } = await page.evaluate(() =>
    withBroken(JSON, 'stringify', () => record(wx, 'startSoterAuthentication', { challenge: 'c' })),
  );
  assert.equal(reached, 1);
  assert.deepEqual(ended.events, ['returned a promise', 'fail', 'complete', 'rejected']);
  assertAbandoned({ succeeded: false, result: ended.result });
  assert.equal((await record('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('a trap while tidying up changes no answer', async t => {
  const { page, record } = await open(t, addPage(), { prepare: withBroken });
  const { ended, reached } = await page.evaluate(() =>
    withBroken(globalThis, 'clearTimeout', () => record(wx, 'startSoterAuthentication', { challenge: 'c' })),
  );
  assert.equal(reached, 1);
  assert.deepEqual(ended.events, ['returned a promise', 'success', 'complete', 'resolved']);
  assert.equal((await record('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('a trap settles every open call, each with its own words', async t => {
  const options = { prepare: withBroken, authenticator: { automaticPresenceSimulation: false } };
  const { page, settle, tell } = await open(t, addPage(), options);
  const ended = await page.evaluate(async () => {
    const open = [
      settle(wx.startSoterAuthentication({ challenge: 'c' })),
      settle(wx.checkIsSupportSoterAuthentication()),
      settle(wx.checkIsSoterEnrolledInDevice()),
    ];
    const { ended } = await withBroken(TextDecoder.prototype, 'decode', () => settle(wx.checkIsSoterEnrolledInDevice()));
    return [...(await Promise.all(open)), ended];
  });
  const [start, support, enrolled, broken] = ended;
  assertAbandoned(start);
  assertAbandoned(support, 'checkIsSupportSoterAuthentication');
  assertAbandoned(enrolled, 'checkIsSoterEnrolledInDevice');
  assertAbandoned(broken, 'checkIsSoterEnrolledInDevice');
  assert.deepEqual([support.result.supportMode, enrolled.result.isEnrolled], [[], false]);
  assert.deepEqual([start.result.resultJSON, start.result.resultJSONSignature, start.result.authMode], ['', '', '']);
  assert.equal(await page.locator('wx-soter-prompt').count(), 0);
  await tell('setAutomaticPresenceSimulation', { enabled: true });
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('a global that breaks while an effect begins, or while its event is read, leaves no call open', async t => {
  const { page, settle } = await open(t, addPage(), { prepare: withBroken });
  await settle('checkIsSupportSoterAuthentication');
  const { ended, reached } = await page.evaluate(() =>
    withBroken(Date, 'now', () => settle(wx.startSoterAuthentication({ challenge: 'c' }))),
  );
  assert.equal(reached, 1);
  assertAbandoned(ended);
  const unread = await page.evaluate(async () => {
    const credentials = navigator.credentials;
    const { create } = credentials;
    const { split } = String.prototype;
    let reached = 0;
    credentials.create = async options => {
      const created = await create.call(credentials, options);
      String.prototype.split = function (separator) {
        // Where the paths of an event are taken apart.
        if (separator !== ' ') return split.call(this, separator);
        reached += 1;
        String.prototype.split = split;
        throw new Error('split is broken');
      };
      return created;
    };
    const ended = await settle(wx.startSoterAuthentication({ challenge: 'c' }));
    credentials.create = create;
    return { ...ended, reached };
  });
  assert.deepEqual(
    [unread.reached, unread.succeeded, unread.result.errCode, unread.result.reason],
    [1, false, 90007, 'internal'],
  );
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('a global that breaks while the answer is made leaves no call open', async t => {
  const { page, settle } = await open(t, addPage(), { prepare: withBroken });
  await settle('checkIsSupportSoterAuthentication');
  const { ended, reached } = await page.evaluate(() =>
    withBroken(Object, 'fromEntries', () => settle(wx.checkIsSupportSoterAuthentication())),
  );
  assert.equal(reached, 1);
  assertAbandoned(ended, 'checkIsSupportSoterAuthentication');
  assert.equal((await settle('checkIsSupportSoterAuthentication')).result.errCode, 0);
});

test('what an abandoned call waited for is no concern of the calls after it', async t => {
  const { page, settle } = await open(t, addPage(), { prepare: withBroken });
  await settle('startSoterAuthentication', { challenge: 'c' });
  const { ended, later } = await page.evaluate(async () => {
    const credentials = navigator.credentials;
    const { get } = credentials;
    const waiting = [];
    // Deaf to its signal, as some browser extensions are.
    credentials.get = options =>
      new Promise(resolve => waiting.push(async () => resolve(await get.call(credentials, { publicKey: options.publicKey }))));
    const abandoned = settle(wx.startSoterAuthentication({ challenge: 'old' }));
    await withBroken(TextDecoder.prototype, 'decode', () => settle(wx.checkIsSupportSoterAuthentication()));
    const ended = await abandoned;
    let settled = false;
    const next = settle(wx.startSoterAuthentication({ challenge: 'new' })).finally(() => (settled = true));
    while (waiting.length < 2) await new Promise(later => setTimeout(later));
    // The old one's answer comes while the new call waits for its own.
    await waiting[0]();
    await new Promise(later => setTimeout(later, 50));
    const untouched = !settled;
    await waiting[1]();
    const later = { untouched, ...(await next) };
    credentials.get = get;
    return { ended, later };
  });
  assertAbandoned(ended);
  assert.deepEqual([later.untouched, later.result.errCode], [true, 0]);
  assert.equal(JSON.parse(later.result.resultJSON).raw, 'new');
});
