// The README's way from page to server, as it stands there: its page in Chromium, its backend on Express.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { bare } from '../bare-code.mjs';
import { ROOT, consumer, install } from '../consumers/installed.mjs';
import { open } from '../package/chromium.mjs';
import { startServer } from './soter-server.mjs';

await install('express@5.3.0');
const express = createRequire(`${consumer}/`)('express');

const codeOf = async file => {
  const text = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
  const section = text.split(/^## (?:From page to server|从页面到服务器)$/m)[1].split('\n## ')[0];
  return [...section.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
};
const [PAGE, BACKEND] = await codeOf('README.md');

/**
 * The page's site with the backend in it, and soter-server behind. The page says in `#account` who is logged in, which the
 * backend would know by its session.
 */
const serve = async t => {
  const app = express();
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => {
    listening.closeAllConnections();
    listening.close();
  });
  const origin = `http://localhost:${listening.address().port}`;
  const server = await startServer({ origin, settings: { SOTER_CHALLENGES: 'issued' } });
  const accountOf = async request => /account=(\w+)/.exec(request.headers.cookie)?.[1];
  const names = ['app', 'express', 'accountOf', 'SOTER_SERVER', 'ACCESS_TOKEN'];
  new Function(...names, BACKEND)(app, express, accountOf, `http://${server.address}`, server.token);
  app.use('/pkg', express.static(`${ROOT}/pkg`));
  const head = '<!doctype html><link rel="icon" href="data:,"><button>Confirm</button>';
  app.get('/', (_request, response) => response.send(`${head}<script src="/pkg/dist/wx-soter.global.js"></script>`));
  const removeKeys = account => server.call('remove_key', { openid: account, all: true });
  const keysOf = async account => (await server.call('list_keys', { openid: account })).keys;
  return { origin, removeKeys, keysOf };
};

/** Opens the page as somebody who is logged in. What it posts is in `sent`, and `click()` resolves with what it says then. */
const logIn = async (opened, origin, account, code = PAGE) => {
  const { page } = opened;
  await page.context().addCookies([{ name: 'account', value: account, url: origin }]);
  await page.goto(origin);
  await page.evaluate(
    ([code, accountId]) => {
      const button = document.querySelector('button');
      const say = words => globalThis.said(words);
      new Function('accountId', 'button', 'say', code)(accountId, button, say);
    },
    [code, account],
  );
  return () =>
    page.evaluate(
      () =>
        new Promise(resolve => {
          globalThis.said = resolve;
          document.querySelector('button').click();
        }),
    );
};

/** The names of the calls that a page makes from now on. */
const watchCalls = ({ page }) => {
  const sent = [];
  page.on('request', request => request.method() === 'POST' && sent.push(request));
  return { sent, take: () => sent.splice(0).map(request => request.url().split('/').at(-1)) };
};

const FIRST = ['get_challenge', 'register_key', 'verify_signature'];
const LATER = ['get_challenge', 'verify_signature'];

test('both languages have the same code, but for words', async () => {
  const bareOf = codes => Promise.all(codes.map(code => bare({ loader: 'js', code })));
  assert.deepEqual(await bareOf(await codeOf('README.zh-CN.md')), await bareOf([PAGE, BACKEND]));
});

test('a key is registered, and each result is accepted once', async t => {
  const { origin } = await serve(t);
  const opened = await open(t, origin);
  const click = await logIn(opened, origin, 'ann');
  const { sent } = watchCalls(opened);
  assert.deepEqual([await click(), await click()], ['confirmed', 'confirmed']);
  assert.deepEqual(
    sent.map(request => request.url().split('/').at(-1)),
    [...FIRST, ...LATER],
  );

  const post = async (call, body) => {
    const headers = { 'content-type': 'application/json', cookie: 'account=ann' };
    const response = await fetch(`${origin}/soter/${call}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return [response.status, await response.json()];
  };
  const [status, answer] = await post('verify_signature', sent.at(-1).postDataJSON());
  assert.deepEqual([status, answer.reason], [403, 'challenge-used']);
  // What only the backend may say is not taken from the page.
  const { registration } = sent[1].postDataJSON();
  const { clientDataJSON } = registration.response;
  const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url'));
  const own = {
    account: 'ann',
    registration,
    challenge: Buffer.from(challenge, 'base64url').toString(),
    openid: 'somebody else',
  };
  const [, refused] = await post('register_key', own);
  assert.equal(refused.reason, 'challenge-used');
});

test('a page that signs a challenge of its own is refused', async t => {
  const { origin } = await serve(t);
  const made = PAGE.replace("await post('/soter/get_challenge', {})", "{ challenge: 'made by the page' }");
  assert.notEqual(made, PAGE);
  const click = await logIn(await open(t, origin), origin, 'ann', made);
  assert.match(await click(), /fail auth key update error/);
});

test('a second account on the device has a key of its own, and the first keeps its', async t => {
  const { origin } = await serve(t);
  const opened = await open(t, origin);
  const calls = watchCalls(opened);
  for (const [account, expected] of [
    ['ann', FIRST],
    ['bob', FIRST],
    ['ann', LATER],
    ['bob', LATER],
  ]) {
    const click = await logIn(opened, origin, account);
    assert.equal(await click(), 'confirmed');
    assert.deepEqual(calls.take(), expected, account);
  }
});

test('where somebody else logs in by another tab, nothing is confirmed, and no key is lost or made', async t => {
  const { origin, keysOf } = await serve(t);
  const opened = await open(t, origin);
  const click = await logIn(opened, origin, 'ann');
  assert.equal(await click(), 'confirmed');
  await opened.page.context().addCookies([{ name: 'account', value: 'bob', url: origin }]);
  const words = 'somebody else has logged in: please load the page anew';
  assert.deepEqual([await click(), await click()], [words, words]);
  assert.equal((await fetch(`${origin}/soter/get_challenge`, { method: 'POST', headers: { cookie: 'none=1' } })).status, 401);
  const again = await logIn(opened, origin, 'ann');
  assert.equal(await again(), 'confirmed');
  assert.deepEqual([(await keysOf('ann')).length, await keysOf('bob')], [1, []]);
});

test('a key that the server has lost is made anew by the next click', async t => {
  const { origin, removeKeys } = await serve(t);
  const opened = await open(t, origin);
  const click = await logIn(opened, origin, 'ann');
  assert.equal(await click(), 'confirmed');
  assert.equal((await removeKeys('ann')).is_ok, true);
  const calls = watchCalls(opened);
  assert.deepEqual([await click(), await click(), await click()], ['please confirm once more', 'confirmed', 'confirmed']);
  assert.deepEqual(calls.take(), [...LATER, ...FIRST, ...LATER]);
});

test('one lost key among several of an account is made anew, and the others stay', async t => {
  const { origin } = await serve(t);
  const [phone, laptop] = [await open(t, origin), await open(t, origin)];
  const onPhone = await logIn(phone, origin, 'ann');
  const onLaptop = await logIn(laptop, origin, 'ann');
  assert.deepEqual([await onPhone(), await onLaptop(), await onPhone()], ['confirmed', 'confirmed', 'confirmed']);
  // As if that record had another account's key.
  await phone.page.evaluate(() => {
    const [name] = Object.keys(localStorage);
    localStorage.setItem('wx-soter:localhost:bob', localStorage.getItem(name));
  });
  const asBob = await logIn(phone, origin, 'bob');
  assert.deepEqual([await asBob(), await asBob()], ['please confirm once more', 'confirmed']);
  assert.equal(await onLaptop(), 'confirmed');
});

test('two devices of an account work side by side', async t => {
  const { origin } = await serve(t);
  const devices = [await open(t, origin), await open(t, origin)];
  const clicks = [];
  for (const device of devices) clicks.push(await logIn(device, origin, 'ann'));
  for (let turn = 0; turn < 3; turn += 1) {
    for (const click of clicks) assert.equal(await click(), 'confirmed');
  }
});

test('a device whose browser storage was cleared gets another key', async t => {
  const { origin } = await serve(t);
  const opened = await open(t, origin);
  const click = await logIn(opened, origin, 'ann');
  assert.equal(await click(), 'confirmed');
  await opened.page.evaluate(() => localStorage.clear());
  const calls = watchCalls(opened);
  assert.deepEqual([await click(), await click()], ['confirmed', 'confirmed']);
  assert.deepEqual(calls.take(), [...FIRST, ...LATER]);
});

test('who cancels three times goes on, at the next click, with the same key', async t => {
  const { origin } = await serve(t);
  const opened = await open(t, origin);
  const click = await logIn(opened, origin, 'ann');
  assert.equal(await click(), 'confirmed');
  await opened.tell('setUserVerified', { isUserVerified: false });
  for (let cancel = 0; cancel < 3; cancel += 1) assert.match(await click(), /fail cancel/);
  await opened.tell('setUserVerified', { isUserVerified: true });
  const calls = watchCalls(opened);
  assert.deepEqual([await click(), await click()], ['confirmed', 'confirmed']);
  assert.deepEqual(calls.take(), [...LATER, ...LATER]);
});
