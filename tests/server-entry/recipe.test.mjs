// The recipe of pkg/README.md, on the package that it names: its server with pages on emulated devices, and with its own page in
// Chromium.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { ROOT, consumer, install, write } from '../consumers/installed.mjs';
import { createEmulator } from '../emulator/device.mjs';
import { open } from '../package/chromium.mjs';
import { recipe, recipes } from '../recipe.mjs';
import { ORIGIN, edited } from './page.mjs';

await install('express@5.3.0', 'express4@npm:express@4.21.2');
const requires = createRequire(`${consumer}/`);
const express = requires('express');
// What the server is told of itself.
Object.assign(process.env, { ORIGIN, RP_ID: new URL(ORIGIN).hostname });
const { soter } = await import(pathToFileURL(await write('soter.mjs', recipe('Express'))));
const onExpress4 = recipe('Express').replace("from 'express'", "from 'express4'");
const { soter: soter4 } = await import(pathToFileURL(await write('soter4.mjs', onExpress4)));

/** A log-in that believes a header. */
const byHeader = request => {
  const account = request.get('account');
  if (account) return account;
  throw Object.assign(new Error('nobody is logged in'), { status: 401 });
};

/** A server with a log-in, and one account's page on it. */
const serve = async (t, app = express(), routes = soter, accountOf = byHeader) => {
  const confirmed = [];
  const confirm = (account, order) => void confirmed.push([account, order]);
  const failures = [];
  app
    .use('/soter', routes(accountOf, confirm))
    .get('/soter/help', (_request, response) => response.send('help'))
    .use((error, _request, response, _next) => {
      if (!error.status) failures.push(error);
      response.sendStatus(error.status ?? 500);
    });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const as = account => {
    const post = (path, body, text = JSON.stringify(body)) =>
      fetch(`http://127.0.0.1:${server.address().port}/soter${path}`, {
        method: 'POST',
        headers: { ...(account && { account }), 'content-type': 'application/json' },
        body: text,
      });
    const sent = { registration: undefined };
    const onKeyCreated = async registration => {
      sent.registration = registration;
      const { status } = await post('/key', registration);
      if (status !== 204) throw new Error(`status ${status}`);
    };
    const { wx } = createEmulator({ origin: ORIGIN, onKeyCreated });
    const ask = async order => (await (await post('/challenge', { account, order })).json()).challenge;
    const sign = async order => {
      const { resultJSON, resultJSONSignature } = await wx.startSoterAuthentication({ challenge: await ask(order) });
      return { resultJSON, resultJSONSignature };
    };
    return { post, sent, ask, sign, wx };
  };
  return { as, confirmed, failures, url: `http://127.0.0.1:${server.address().port}` };
};

const outcome = async response => [response.status, response.status === 403 ? (await response.json()).reason : undefined];

test('an order is confirmed once, and the next with the same key', async t => {
  const { as, confirmed, failures } = await serve(t);
  const ann = as('ann');
  for (const order of [7, 8]) {
    const result = await ann.sign(order);
    assert.deepEqual(await outcome(await ann.post('/verify', { ...result, order: 'another' })), [204, undefined]);
    assert.deepEqual(await outcome(await ann.post('/verify', result)), [409, undefined]);
  }
  assert.deepEqual(confirmed, [
    ['ann', 7],
    ['ann', 8],
  ]);
  assert.deepEqual(failures, []);
});

for (const [version, app, routes] of [
  [5, express(), soter],
  [4, requires('express4')(), soter4],
]) {
  test(`Express ${version}: what does not hold, and who is nobody, is refused, and the server goes on`, async t => {
    const { as, confirmed, failures, url } = await serve(t, app, routes);
    const ann = as(`ann-on-${version}`);
    await ann.ask(1);
    assert.deepEqual(await outcome(await ann.post('/verify', {})), [403, 'result-malformed']);
    await ann.ask(1);
    assert.deepEqual(await outcome(await ann.post('/key', {})), [403, 'response-malformed']);
    assert.equal((await ann.post('/verify', {}, 'no JSON')).status, 400);
    for (const path of ['/challenge', '/key', '/verify']) assert.equal((await as('').post(path, {})).status, 401, path);
    assert.equal((await fetch(`${url}/soter/help`)).status, 200, 'other routes are for everybody');
    assert.deepEqual(await outcome(await ann.post('/verify', await ann.sign(2))), [204, undefined]);
    assert.deepEqual(confirmed, [[`ann-on-${version}`, 2]]);
    assert.deepEqual(failures, []);
  });
}

for (const [version, newApp, routes] of [
  [5, express, soter],
  [4, requires('express4'), soter4],
]) {
  test(`Express ${version}: a log-in that is async, and gives nothing for nobody, does as well`, async t => {
    const accountOf = async request => request.get('account');
    const { as, confirmed, failures } = await serve(t, newApp(), routes, accountOf);
    for (const path of ['/challenge', '/key', '/verify']) assert.equal((await as('').post(path, {})).status, 401, path);
    const ann = as(`ann-async-${version}`);
    assert.deepEqual(await outcome(await ann.post('/verify', await ann.sign(1))), [204, undefined]);
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await ann.post('/key', {})).status));
    assert.ok(statuses.includes(429), `${statuses}`);
    assert.deepEqual(confirmed, [[`ann-async-${version}`, 1]]);
    assert.deepEqual(failures, []);
  });

  test(`Express ${version}: a log-in that fails is a failure of this request alone`, async t => {
    const accountOf = async () => Promise.reject(new Error('no database'));
    const { as, failures } = await serve(t, newApp(), routes, accountOf);
    assert.equal((await as('ann').post('/challenge', {})).status, 500);
    assert.deepEqual(
      failures.map(({ message }) => message),
      ['no database'],
    );
  });
}

test('of two that come at once one is too late', async t => {
  const { as, confirmed } = await serve(t);
  const ann = as('ann-at-once');
  const result = await ann.sign(1);
  const both = await Promise.all([ann.post('/verify', result), ann.post('/verify', result)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
  assert.equal(confirmed.length, 1);
});

test('an account that floods is told so, and the others are not', async t => {
  const { as, confirmed } = await serve(t);
  const [eve, ann] = [as('eve-floods'), as('ann-beside')];
  const flood = Array.from({ length: 100 }, () => eve.post('/challenge', { account: 'eve-floods', order: 1 }));
  const statuses = (await Promise.all(flood)).map(({ status }) => status);
  // Unless the minute ends in the midst of it, sixty are answered.
  assert.ok(statuses.filter(status => status === 200).length >= 60);
  assert.ok(statuses.includes(429) && statuses.every(status => status === 200 || status === 429), `${statuses}`);
  assert.deepEqual(await outcome(await ann.post('/verify', await ann.sign(2))), [204, undefined]);
  assert.deepEqual(confirmed, [['ann-beside', 2]]);
});

test('nothing else is confirmed', async t => {
  const { as, confirmed, failures } = await serve(t);
  const [ann, eve] = [as('ann-else'), as('eve')];
  const result = await ann.sign(1);
  const refused = async (who, sent, expected) => assert.deepEqual(await outcome(await who.post('/verify', sent)), expected);

  // Nobody asked Eve; and when she is asked, it is neither her key nor her challenge.
  await refused(eve, result, [409, undefined]);
  await eve.ask(2);
  await refused(eve, result, [403, 'credential-unknown']);
  await eve.sign(2);
  await refused(eve, result, [403, 'credential-unknown']);

  // One try for each challenge, whatever is sent.
  await refused(
    ann,
    edited(result, json => void (json.raw = 'x')),
    [403, 'result-challenge-mismatch'],
  );
  await refused(ann, result, [409, undefined]);
  await ann.ask(3);
  await refused(ann, result, [403, 'challenge-mismatch']);
  for (const body of [{}, [], { resultJSON: 7 }, { resultJSON: '{}', resultJSONSignature: '' }]) {
    await ann.ask(4);
    await refused(ann, body, [403, 'result-malformed']);
  }

  // A key is registered once, by whoever was asked.
  await ann.ask(5);
  assert.equal((await ann.post('/key', ann.sent.registration)).status, 403);
  const later = as('later');
  assert.equal((await later.post('/key', ann.sent.registration)).status, 409);
  const result6 = await ann.sign(6);
  await later.ask(6);
  assert.deepEqual(await outcome(await later.post('/key', ann.sent.registration)), [403, 'challenge-mismatch']);
  await refused(later, result6, [403, 'credential-unknown']);
  assert.deepEqual(confirmed, []);
  assert.deepEqual(failures, []);
});

test('a page of somebody else gets no challenge, and the open one stays', async t => {
  const { as, confirmed } = await serve(t);
  const ann = as('ann-replaced');
  const result = await ann.sign(1);
  for (const account of ['bob', undefined]) {
    const response = await ann.post('/challenge', { account, order: 2 });
    assert.deepEqual([response.status, await response.json()], [409, { reason: 'another-account' }]);
  }
  assert.equal((await ann.post('/verify', result)).status, 204);
  assert.deepEqual(confirmed, [['ann-replaced', 1]]);
});

test('a challenge ends', async t => {
  const { as, confirmed } = await serve(t);
  const ann = as('ann-late');
  const result = await ann.sign(1);
  const { now } = Date;
  t.after(() => (Date.now = now));
  Date.now = () => now() + 121_000;
  assert.equal((await ann.post('/verify', result)).status, 409);
  assert.deepEqual(confirmed, []);
});

/** The recipe's server and page on a site of its own; whoever opens the page is logged in as the address says. */
const serveSite = async t => {
  const confirmed = [];
  const app = express();
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => {
    listening.closeAllConnections();
    listening.close();
  });
  const origin = `http://localhost:${listening.address().port}`;
  const [server, page] = recipes('Express');
  Object.assign(process.env, { ORIGIN: origin, RP_ID: 'localhost' });
  const there = server.replace('const keys =', 'export const keys =');
  const made = await import(pathToFileURL(await write('soter-site.mjs', there)));
  app.use('/pkg', express.static(`${ROOT}/pkg`));
  app.get('/confirmer.js', (_request, response) => {
    response.type('text/javascript').send(page.replace("'wx-soter'", "'/pkg/dist/index.js'"));
  });
  app.get('/', (_request, response) => response.send('<!doctype html><link rel="icon" href="data:,">'));
  app.use(
    '/soter',
    made.soter(
      request => request.get('account'),
      (account, order) => void confirmed.push([account, order]),
    ),
  );
  return { origin, confirmed, keys: made.keys };
};

/** Logs in at the page; `click(order)` resolves with whether the order was confirmed. */
const logIn = async ({ page }, origin, account) => {
  await page.goto(origin);
  await page.evaluate(async account => {
    const { confirmer } = await import('/confirmer.js');
    const post = async (path, body) => {
      const headers = { account, 'content-type': 'application/json' };
      const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      const answer = text.startsWith('{') ? JSON.parse(text) : {};
      if (!response.ok) throw Object.assign(new Error(`${path}: ${response.status}`), answer);
      return answer;
    };
    globalThis.confirm = confirmer(account, post);
  }, account);
  return order => page.evaluate(order => confirm(order), order);
};

test('its page: two accounts, two devices, lost keys and cleared storage each end with what was confirmed', async t => {
  const { origin, confirmed, keys } = await serveSite(t);
  const [phone, laptop] = [await open(t, origin), await open(t, origin)];
  const orders = async (click, ...orders) => {
    const outcomes = [];
    for (const order of orders) outcomes.push(await click(order));
    return outcomes;
  };

  // Two accounts on the phone, and one of them on the laptop too.
  const onLaptop = await logIn(laptop, origin, 'ann');
  assert.deepEqual(await orders(await logIn(phone, origin, 'ann'), 1, 2), [true, true]);
  assert.deepEqual(await orders(await logIn(phone, origin, 'bob'), 3), [true]);
  assert.deepEqual(await orders(onLaptop, 4, 5), [true, true]);
  const onPhone = await logIn(phone, origin, 'ann');
  assert.deepEqual(await orders(onPhone, 6), [true]);
  assert.equal(keys.size, 3);

  // The server loses all keys. Each device makes one anew, by the next click.
  keys.clear();
  assert.deepEqual(await orders(onPhone, 7, 7), [false, true]);
  assert.deepEqual(await orders(onLaptop, 8, 8), [false, true]);
  assert.deepEqual(await orders(onPhone, 9), [true]);

  // The person clears what the browser has stored.
  await phone.page.evaluate(() => localStorage.clear());
  assert.deepEqual(await orders(onPhone, 10, 11), [true, true]);
  assert.deepEqual(
    confirmed.map(([, order]) => order),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
});
