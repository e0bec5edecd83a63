// The demo with its backend and soter-server, as a person meets it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cheats } from '../../www/scripts/spoil.js';
import { open } from '../package/chromium.mjs';
import * as edits from './edits.mjs';
import { endWithTests } from './end-with-tests.mjs';
import { startDemo } from './running-demo.mjs';

const { address } = await startDemo(endWithTests);

const openDemo = async (t, options = {}, path = '/') => {
  const opened = await open(t, address + path, options);
  await opened.page.locator('#status .message').waitFor();
  return { ...opened, verdict: opened.page.locator('#verdict .message'), reply: opened.page.locator('#cheat-answer') };
};

/** Presses the button that cheats so, and gives back what the page says then. */
const cheat = async ({ page, reply }, name) => {
  const answered = page.waitForResponse(/verify/);
  await page.click(`[data-cheat=${name}]`);
  await (await answered).finished();
  await reply.locator('.message.bad').waitFor();
  return reply.innerText();
};

/** Holds what the page asks of the server by such an address and method, until `go` is called. */
const hold = async (page, address, method) => {
  let go;
  const held = new Promise(resolve => {
    go = resolve;
  });
  await page.route(address, async route => {
    if (route.request().method() === method) await held;
    await route.continue();
  });
  return go;
};

test('an edited challenge still looks like an issued one, so that only the comparison tells', () => {
  for (const digit of 'AEIMQUYcgkosw048') {
    const raw = `soter-${'A'.repeat(42)}${digit}`;
    for (const edit of [cheats.challenge, edits.inWeChatsForm['challenge-mismatch']]) {
      const edited = JSON.parse(edit({ resultJSON: JSON.stringify({ raw }) }).resultJSON).raw;
      assert.notEqual(edited, raw);
      const random = edited.replace('soter-', '');
      assert.equal(Buffer.from(random, 'base64url').toString('base64url'), random);
    }
  }
});

test('the server accepts the result, and no copy of it', async t => {
  const opened = await openDemo(t);
  const { page, verdict, pageErrors, violations } = opened;
  assert.match(await page.inputValue('#challenge'), /^soter-/);
  assert.match(await page.locator('#verdict').innerText(), /the server checks|server checks the result/);
  assert.equal(await page.locator('#cheats').isVisible(), false);
  // What is sent to a server does not stay on the device.
  assert.deepEqual([await page.locator('#stays').isVisible(), await page.locator('#leaves').isVisible()], [false, true]);
  for (let use = 0; use < 2; use += 1) {
    const challenge = await page.inputValue('#challenge');
    await page.click('#start');
    await verdict.and(page.locator('.good')).waitFor();
    assert.match(await verdict.innerText(), /Accepted[\s\S]*is_ok: true/);
    await page.waitForFunction(old => document.getElementById('challenge').value !== old, challenge);
    for (const [name, reason] of [
      ['replay', 'challenge-used'],
      ['counter', 'result-counter-mismatch'],
      ['challenge', 'challenge-mismatch'],
      ['signature', 'signature-invalid'],
      ['account', 'credential-unknown'],
    ]) {
      await page.locator(`[data-cheat=${name}]`).waitFor();
      assert.match(await cheat(opened, name), new RegExp(`is_ok: false\\s+${reason}`));
    }
  }
  await page.click('#language');
  assert.match(await opened.reply.innerText(), /另一个账号[\s\S]*credential-unknown/);
  assert.deepEqual(pageErrors, []);
  assert.deepEqual(await violations(), []);
});

test('the page never meets an access token, an openid or the service itself', async t => {
  const { page, verdict } = await openDemo(t);
  const met = [];
  const meet = async response => {
    const request = response.request();
    const body = await response.text().catch(() => '');
    const { 'set-cookie': session, ...headers } = await response.allHeaders();
    met.push(request.url(), request.postData() ?? '', JSON.stringify(headers), body);
    assert.equal(new URL(request.url()).origin, address);
    if (/\/api\//.test(request.url())) {
      // `cpu_id`: of the key that the page has just made.
      const known = ['origin', 'challenge', 'expires_in', 'errcode', 'errmsg', 'is_ok', 'reason', 'cpu_id'];
      for (const name of Object.keys(JSON.parse(body))) assert.ok(known.includes(name), name);
      // Token, openid and session have as many digits. (Files that were there before have no secrets of this run.)
      assert.doesNotMatch(body + JSON.stringify(headers), /\b[0-9a-f]{64}\b/);
    }
  };
  const meeting = [];
  page.on('response', response => void meeting.push(meet(response)));
  await page.reload();
  await page.locator('#status .message').waitFor();
  await page.click('#start');
  await verdict.waitFor();
  await page.click('[data-cheat=replay]');
  await page.locator('#cheat-answer .message').waitFor();
  await Promise.all(meeting);
  assert.ok(met.length > 40);
  for (const text of met) assert.doesNotMatch(text, /access_token=|"openid"|cgi-bin/);
  assert.equal(await page.evaluate(() => document.cookie), '');
  const [cookie, ...others] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, others.length], [true, 'Strict', 0]);
  assert.match(cookie.value, /^[0-9a-f]{64}$/);
});

test('a key that the server does not know is said to be one, and made anew', async t => {
  const { page, verdict } = await openDemo(t);
  await page.click('#start');
  await verdict.and(page.locator('.good')).waitFor();
  const key = await page.locator('#key code').innerText();
  await page.click('#forget-at-server');
  await page.locator('#forgotten').getByText('has forgotten Ann’s keys').waitFor();
  assert.equal(await page.locator('#key code').innerText(), key, 'the page has not');
  await page.click('#start');
  await verdict.and(page.locator('.warn')).waitFor();
  assert.match(await verdict.innerText(), /does not know this key[\s\S]*credential-unknown/);
  assert.equal(await page.locator('#cheats').isVisible(), false);
  await verdict.getByRole('button').click();
  await verdict.and(page.locator('.good')).waitFor();
  assert.match(await page.locator('#outcome').innerText(), /A new key was made for Ann/);
  assert.notEqual(await page.locator('#key code').innerText(), key);
});

test('a key that the page forgets is followed by one that the server knows, too', async t => {
  const { page, verdict } = await openDemo(t);
  for (let use = 0; use < 2; use += 1) {
    await page.click('#start');
    await verdict.and(page.locator('.good')).waitFor();
    assert.match(await page.locator('#outcome').innerText(), /A new key was made for Ann/);
    await page.click('#forget');
    await page.locator('#forgotten').getByText('Forgotten here').waitFor();
    assert.match(await page.locator('#key').innerText(), /no key/);
  }
  await page.click('#forget-at-server');
  await page.locator('#forgotten').getByText('has forgotten').waitFor();
  await page.click('#forget-at-server');
  await page.locator('#forgotten').getByText('had no key').waitFor();
});

test('each account has its own challenges and keys, and neither gets anywhere with what is the other’s', async t => {
  const opened = await openDemo(t);
  const { page, verdict } = opened;
  for (const [name, other] of [
    ['Ann', 'Bob'],
    ['Bob', 'Ann'],
  ]) {
    const challenge = await page.inputValue('#challenge');
    await page.click('#start');
    await verdict.and(page.locator('.good')).waitFor();
    assert.match(await page.locator('#outcome').innerText(), new RegExp(`made for ${name}`));
    assert.match(await cheat(opened, 'account'), /other account[\s\S]*credential-unknown/);
    await page.waitForFunction(old => document.getElementById('challenge').value !== old, challenge);
    const next = await page.inputValue('#challenge');
    await page.getByRole('radio', { name: other }).check();
    assert.equal(await verdict.count(), 0, 'what was said was said to another');
    await page.waitForFunction(old => document.getElementById('challenge').value !== old, next);
  }
  await page.click('#start');
  await verdict.and(page.locator('.good')).waitFor();
  assert.doesNotMatch(await page.locator('#outcome').innerText(), /new key/);
});

test('somebody who is quicker than the new account’s challenge gets one all the same', async t => {
  const { page, verdict } = await openDemo(t);
  const go = await hold(page, /bob\/challenge/, 'POST');
  await page.getByRole('radio', { name: 'Bob' }).check();
  await page.click('#start');
  go();
  await verdict.and(page.locator('.good')).waitFor();
});

/** The starts that the log has, newest first. */
const startsIn = page => page.locator('#log > li', { hasText: 'startSoterAuthentication' });

test('who presses twice while the challenge is on its way starts once, with the new one', async t => {
  const { page, verdict } = await openDemo(t);
  const go = await hold(page, /bob\/challenge/, 'POST');
  await page.getByRole('radio', { name: 'Bob' }).check();
  await page.dblclick('#start');
  go();
  await verdict.and(page.locator('.good')).waitFor();
  assert.equal(await startsIn(page).count(), 1);
});

test('a start whose account logs out before the challenge comes asks nobody', async t => {
  const { page, verdict } = await openDemo(t);
  const go = await hold(page, /bob\/challenge/, 'POST');
  await page.getByRole('radio', { name: 'Bob' }).check();
  await page.click('#start');
  const answered = page.waitForResponse(/bob\/challenge/);
  await page.getByRole('radio', { name: 'Ann' }).check();
  assert.equal(await page.getAttribute('#start', 'aria-busy'), 'false');
  go();
  await (await answered).finished();
  await page.waitForLoadState('networkidle');
  assert.equal(await startsIn(page).count(), 0);
  await page.click('#start');
  await verdict.and(page.locator('.good')).waitFor();
  assert.equal(await startsIn(page).count(), 1);
  assert.match(await page.locator('#outcome').innerText(), /A new key was made for Ann/);
});

for (const [from, to, begin, isThere] of [
  [
    'the emulator',
    'this device',
    async page => {
      await page.getByRole('switch').click();
      await page.locator('#emulator-banner').waitFor();
      await page.click('#start');
      await page.locator('#sheet').getByRole('button', { name: 'Right finger' }).click();
    },
    page => page.locator('#status').getByText('This device can verify you'),
  ],
  ['this device', 'the emulator', page => page.click('#start'), page => page.locator('#emulator-banner')],
]) {
  test(`a call of ${from} that ends after the switch to ${to} is in the log alone`, async t => {
    const { page, verdict } = await openDemo(t);
    await page.locator('[name=prompt][value=none]').check();
    const go = await hold(page, /ann\/keys/, 'POST');
    const asked = page.waitForRequest(/ann\/keys/);
    await begin(page);
    await asked;
    await page.getByRole('switch').click();
    await isThere(page).waitFor();
    assert.equal(await page.getAttribute('#start', 'aria-busy'), 'false');
    go();
    await startsIn(page).getByText('complete', { exact: true }).waitFor();
    assert.match(await startsIn(page).innerText(), /success/);
    await page.waitForLoadState('networkidle');
    assert.equal(await page.locator('#outcome .message').count(), 0);
    assert.equal(await verdict.count(), 0);
    assert.match(await page.locator('#result').innerText(), /^Authenticate, and the signed result appears here/);
  });
}

test('what the server said of a result goes with the device that it came from', async t => {
  const { page, verdict } = await openDemo(t);
  await page.getByRole('switch').click();
  await page.locator('#emulator-banner').waitFor();
  await page.click('#start');
  await page.locator('#sheet').getByRole('button', { name: 'Right finger' }).click();
  await verdict.and(page.locator('.warn')).waitFor();
  const challenge = await page.inputValue('#challenge');
  await page.getByRole('switch').click();
  await page.locator('#status').getByText('This device can verify you').waitFor();
  assert.equal(await verdict.count(), 0);
  assert.equal(await page.locator('#cheats').isVisible(), false);
  await page.waitForFunction(old => document.getElementById('challenge').value !== old, challenge);
  await page.click('#start');
  await verdict.and(page.locator('.good')).waitFor();
});

test('what comes of forgetting a key is told to nobody else', async t => {
  const { page } = await openDemo(t);
  const go = await hold(page, /ann\/keys/, 'DELETE');
  const answered = page.waitForResponse(/ann\/keys/);
  await page.click('#forget-at-server');
  await page.getByRole('radio', { name: 'Bob' }).check();
  go();
  await (await answered).finished();
  await page.waitForLoadState('networkidle');
  assert.equal(await page.locator('#forgotten').innerText(), '');
});

test('by the loader it is the same', async t => {
  const opened = await openDemo(t, {}, '/?loader');
  const { page, verdict, pageErrors, violations } = opened;
  await page.click('#start');
  await verdict.and(page.locator('.good')).waitFor();
  assert.match(await cheat(opened, 'replay'), /challenge-used/);
  assert.match(await page.locator('#loading').innerText(), /wx-soter\.loader\.js[\s\S]*core\.wasm/);
  assert.deepEqual(pageErrors, []);
  assert.deepEqual(await violations(), []);
});

test('a key for a challenge that the server did not issue is refused', async t => {
  const { page } = await openDemo(t);
  for (const challenge of ['made up', '']) {
    await page.fill('#challenge', challenge);
    await page.click('#start');
    await page.locator('#outcome').getByText('enrolment-refused').waitFor();
    assert.match(
      await page.locator('#outcome').innerText(),
      /server refused the new key[\s\S]*did not issue[\s\S]*challenge-unknown/,
    );
  }
  await page.click('#new-challenge');
  await page.waitForFunction(() => document.getElementById('challenge').value.startsWith('soter-'));
  await page.click('#start');
  await page.locator('#verdict .message.good').waitFor();
  // The key is registered now, and a result over a made-up challenge is good for nothing all the same.
  await page.fill('#challenge', 'made up');
  await page.click('#start');
  await page.locator('#verdict').getByText('challenge-unknown').waitFor();
  await page.fill('#challenge', '');
  await page.click('#start');
  await page.locator('#verdict').getByText('nothing for a server to check').waitFor();
});

test('a server that does not answer is no server that accepts', async t => {
  const { page } = await openDemo(t);
  await page.click('#start');
  await page.locator('#verdict .message.good').waitFor();
  await page.route(/verify|keys/, route => route.fulfill({ status: 502 }));
  await page.click('[data-cheat=replay]');
  await page.locator('#cheat-answer').getByText('does not answer').waitFor();
  await page.click('#start');
  await page.locator('#verdict .message.bad').getByText('does not answer').waitFor();
  assert.equal(await page.locator('#cheats').isVisible(), false);
  await page.click('#forget-at-server');
  await page.locator('#forgotten').getByText('does not answer').waitFor();
});

test('results of the emulator are this page’s, accepted, and told from those of people', async t => {
  const opened = await openDemo(t, { authenticator: null });
  const { page, verdict } = opened;
  await page.getByRole('switch').click();
  await page.locator('#emulator-banner').waitFor();
  await page.click('#start');
  await page.locator('#sheet').getByRole('button', { name: 'Right finger' }).click();
  await verdict.and(page.locator('.warn')).waitFor();
  assert.match(await verdict.innerText(), /nobody was verified[\s\S]*is_ok: true/);
  assert.ok((await page.locator('#result').innerText()).includes(address));
  assert.match(await cheat(opened, 'counter'), /result-counter-mismatch/);
});

test('it fits 320 px with all that the server says', async t => {
  for (const locale of ['en', 'zh-CN']) {
    const opened = await openDemo(t, { locale, viewport: { width: 320, height: 640 } });
    const { page, verdict } = opened;
    await page.click('#start');
    await verdict.waitFor();
    await cheat(opened, 'replay');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  }
});

/** The processes that a process started, and those that they did. */
const descendants = pid => {
  const children = processes()
    .filter(({ parent }) => parent === pid)
    .map(child => child.pid);
  return [...children, ...children.flatMap(descendants)];
};

/** All that run. Debian's small images have no `ps`. */
const processes = () => {
  if (process.platform === 'linux') return readdirSync('/proc').flatMap(statusOf);
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state=']).toString().trim().split('\n');
  const fields = rows.map(row => row.trim().split(/\s+/));
  return fields.map(([pid, parent, state]) => ({ pid: Number(pid), parent: Number(parent), isEnded: state.startsWith('Z') }));
};

const statusOf = pid => {
  try {
    // After the name, which may have anything in it but ends with the last parenthesis: the state, the parent.
    const [, state, parent] = /\) (\S) (\d+) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return [{ pid: Number(pid), parent: Number(parent), isEnded: state === 'Z' }];
  } catch {
    // No process, or none any more.
    return [];
  }
};

/** One that has ended and whose parent has not looked is gone. */
const lives = pid => processes().some(each => each.pid === pid && !each.isEnded);

test('files come fresh and with their types, and none from elsewhere', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/scripts/spoil.js', 'text/javascript'],
    ['/pkg/dist/core.wasm', 'application/wasm'],
  ]) {
    const { status, headers } = await fetch(address + path);
    assert.deepEqual([status, headers.get('cache-control')], [200, 'no-store'], path);
    assert.ok(headers.get('content-type').startsWith(type), path);
  }
  assert.equal((await fetch(`${address}/api/eve/challenge`, { method: 'POST' })).status, 405, 'no such account');
  for (const path of [
    '/nothing',
    '/api/ann/challenge',
    '/pkg',
    '/..%2fCargo.toml',
    '/pkg/..%2fCargo.toml',
    '/%2e%2e/Cargo.toml',
    '/pkg/%00',
  ]) {
    assert.equal((await fetch(address + path)).status, 404, path);
  }
});

test('a port in use is named with the way out', () => {
  const demo = fileURLToPath(new URL('../../xtask/js/demo.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [demo, new URL(address).port], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /in use.*--port/);
});

test('the service ends with the demo, however that ends', { skip: process.platform === 'win32' }, async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL']) {
    const { demo } = await startDemo(endWithTests);
    const started = descendants(demo.pid);
    assert.ok(started.length >= 2, 'a guardian and the service');
    demo.removeAllListeners('exit');
    demo.kill(signal);
    for (let wait = 0; started.some(lives) && wait < 100; wait += 1) await sleep(100);
    assert.deepEqual(started.filter(lives), [], signal);
  }
});
