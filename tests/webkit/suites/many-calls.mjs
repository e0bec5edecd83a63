// Many calls in a row: an engine compiles code that has run often, and there the one of Safari 16.0 once trapped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../package/browser.mjs';
import { addPage, tag } from '../../package/site.mjs';

const ROUNDS = 60;

/** What is called in each round, and what comes of it. */
const CALLS = [
  ['checkIsSupportSoterAuthentication', {}, '0'],
  ['checkIsSoterEnrolledInDevice', { checkAuthMode: 'fingerPrint' }, '0'],
  ['startSoterAuthentication', { challenge: 'c', authContent: 'Pay' }, '0'],
  ['startSoterAuthentication', {}, '0'],
  [
    'startSoterAuthentication',
    { requestAuthModes: ['speech'] },
    '90003 mode-not-supported none of the modes that were asked for is supported here, only fingerPrint, facial',
  ],
  ['startSoterAuthentication', { challenge: '' }, '90004 bad-challenge'],
  ['startSoterAuthentication', { authContent: 7 }, '90005 bad-parameter'],
  ['checkIsSoterEnrolledInDevice', { checkAuthMode: 1 }, '90003 bad-parameter'],
];

/** Has the page count what comes of each call. */
const prepare = () => {
  globalThis.callOften = async (wx, calls, rounds) => {
    const seen = {};
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, [api, options]] of calls.entries()) {
        const { errCode, reason, detail } = await wx[api](options).catch(error => error);
        const came = [at, errCode, reason, detail].filter(part => part !== undefined).join(' ');
        seen[came] = (seen[came] || 0) + 1;
      }
    }
    return seen;
  };
};

const expected = Object.fromEntries(CALLS.map(([, , came], at) => [`${at} ${came}`, ROUNDS]));

test(`${CALLS.length * ROUNDS} calls in a row each give what they should, on each load of a page`, async t => {
  const { page } = await open(t, addPage({ head: tag('data-prompt="none"') }), { prepare });
  for (const load of ['first', 'second', 'third']) {
    assert.deepEqual(await page.evaluate((calls, rounds) => callOften(wx, calls, rounds), CALLS, ROUNDS), expected, load);
    await page.reload();
  }
});

test('calls with the dialog, many in a row', async t => {
  const { page } = await open(t, addPage(), { prepare });
  const calls = CALLS.slice(2, 4);
  const seen = await page.evaluate((calls, rounds) => callOften(wx, calls, rounds), calls, ROUNDS);
  assert.deepEqual(seen, { '0 0': ROUNDS, '1 0': ROUNDS });
  assert.equal(await page.evaluate(() => document.querySelectorAll('wx-soter-prompt').length), 0);
});

test('many calls at once, over and over', async t => {
  const { page } = await open(t, addPage({ head: tag('data-prompt="none"') }));
  const codes = await page.evaluate(async rounds => {
    const codes = new Set();
    for (let round = 0; round < rounds; round += 1) {
      const calls = [
        wx.startSoterAuthentication({ challenge: 'c' }),
        wx.startSoterAuthentication({ challenge: 'c' }),
        wx.checkIsSupportSoterAuthentication(),
        wx.checkIsSoterEnrolledInDevice(),
      ].map(call => call.catch(error => error));
      codes.add((await Promise.all(calls)).map(({ errCode, reason = '' }) => errCode + reason).join());
    }
    return [...codes];
  }, ROUNDS);
  assert.deepEqual(codes, ['0,90007busy,0,0']);
});

test('the emulator, many calls in a row', async t => {
  const head = '<script type="module">import * as emulator from "/pkg/dist/emulator.js"; globalThis.emulator = emulator</script>';
  const { page } = await open(t, addPage({ head }), { prepare });
  await page.waitForFunction(() => globalThis.emulator);
  for (const load of ['first', 'second']) {
    const seen = await page.evaluate(
      (calls, rounds) => callOften(emulator.createEmulator({ delay: 0 }).wx, calls, rounds),
      CALLS,
      ROUNDS,
    );
    assert.deepEqual(seen, expected, load);
  }
});
