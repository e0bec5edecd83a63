// Keys that are there or gone, behind key managers that say anything: nobody is locked out, and no key is made at each start.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium.mjs';
import { ANSWERS, play } from './keys-in-doubt.mjs';
import { addPage } from './site.mjs';

const openPage = async t => {
  const { page, ...others } = await open(t, addPage());
  await page.evaluate(`globalThis.play = ${play}`);
  return { page, ...others, run: (...values) => page.evaluate(values => play(...values), values) };
};

for (const ofGet of ANSWERS) {
  const name = ofGet.join(' ').trim();

  test(`a key that is there is used again, after "${name}" twice and any probe`, async t => {
    const { run } = await openPage(t);
    for (const ofProbe of ANSWERS) {
      const { starts, made, signed } = await run(false, ofGet, ofProbe, 5);
      const isFound = ofProbe[0] === 'InvalidStateError';
      assert.equal(starts.indexOf('success'), isFound ? 2 : 3, `${ofProbe}: ${starts}`);
      assert.deepEqual([made.length, signed], [1, made[0]], `${ofProbe}`);
    }
  });

  test(`a key that is gone is replaced, after "${name}" twice and any probe`, async t => {
    const { run } = await openPage(t);
    for (const ofProbe of [undefined, ...ANSWERS]) {
      const { starts, made, signed } = await run(true, ofGet, ofProbe, 7);
      // Who claims that it is there has it asked in the same start, and in one more.
      const isFalse = ofProbe?.[0] === 'InvalidStateError';
      // A key that is silent takes the whole time of the call that asks it at last.
      const last = (ofProbe ? 3 : 2) + (isFalse ? 1 : 0) + (ofProbe && ofGet[0] === 'silence' ? 1 : 0);
      assert.equal(starts.indexOf('success'), last, `${ofProbe}: ${starts}`);
      assert.deepEqual([made.length, signed], [2, made[1]], `${ofProbe}`);
    }
  });
}

test('the person who cancelled is locked out by no key manager, before or after a reload', async t => {
  const { page } = await open(t, addPage());
  await page.evaluate(() => wx.startSoterAuthentication({ challenge: '1' }));
  const refuseProbes = cancels =>
    page.evaluate(cancels => {
      const { credentials } = navigator;
      const [create, get] = [credentials.create.bind(credentials), credentials.get.bind(credentials)];
      const no = () => Promise.reject(new DOMException('', 'NotAllowedError'));
      credentials.create = options => (options.publicKey.excludeCredentials.length ? no() : create(options));
      credentials.get = options => (cancels-- > 0 ? no() : get(options));
    }, cancels);
  const start = () =>
    page.evaluate(() => settle(wx.startSoterAuthentication({ challenge: '2' })).then(({ succeeded }) => succeeded));
  await refuseProbes(2);
  const starts = [await start(), await start(), await start()];
  await page.reload();
  await refuseProbes(0);
  assert.deepEqual([...starts, await start()], [false, false, false, true]);
});

test('who cancels four times in a row keeps the one key', async t => {
  const { page, tell } = await open(t, addPage());
  const cancelled = await page.evaluate(async () => {
    const first = await wx.startSoterAuthentication({ challenge: '1' });
    const { credentials } = navigator;
    const get = credentials.get.bind(credentials);
    credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    for (let start = 0; start < 4; start += 1) await settle(wx.startSoterAuthentication({ challenge: '2' }));
    credentials.get = get;
    const last = await wx.startSoterAuthentication({ challenge: '3' });
    return [first, last].map(({ resultJSON }) => JSON.parse(resultJSON).cpu_id);
  });
  assert.equal(cancelled[0], cancelled[1]);
  assert.equal((await tell('getCredentials')).credentials.length, 1);
});

test('no loop makes a key at each start, where keys are made and never sign', async t => {
  const { page } = await open(t, addPage());
  const made = await page.evaluate(async () => {
    const { credentials } = navigator;
    const create = credentials.create.bind(credentials);
    let made = 0;
    credentials.create = options => {
      made += 1;
      return create({ ...options, publicKey: { ...options.publicKey, excludeCredentials: [] } });
    };
    credentials.get = () => Promise.reject(new DOMException('', 'UnknownError'));
    for (let start = 0; start < 20; start += 1) await settle(wx.startSoterAuthentication({ challenge: '1' }));
    return made;
  });
  assert.ok(made <= 4, `${made} keys in 20 starts`);
});
