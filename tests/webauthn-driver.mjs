#!/usr/bin/env node
// A WebDriver that stands before chromedriver or geckodriver, so that wasm-bindgen's test runner runs tests against the
// browser's own `navigator.credentials`.
//
// The runner starts it with `--port=N`, as it starts any driver; WX_SOTER_REAL_DRIVER names the real one. Every request goes on
// to the real driver, with two changes:
//
// - A new session gets a virtual authenticator: built in, verifying its user, who consents at once. Real authenticators are
//   never asked.
// - The page is opened at `http://localhost` and not at `http://127.0.0.1`, where browsers refuse WebAuthn, and with
//   `?wx-soter-driver=PORT`, by which the page finds this driver.
//
// The page itself then changes the authenticator's ways by requests to `http://127.0.0.1:PORT/wx-soter/...`, below. What the
// browser's driver cannot do is answered with 501, and what it refuses with 502 and its own words.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { guarded } from '../xtask/js/guard.mjs';

const port = Number(process.argv.find(argument => argument.startsWith('--port='))?.slice('--port='.length));
const program = process.env.WX_SOTER_REAL_DRIVER;
if (!port || !program)
  throw new Error('--port=N is missing, or WX_SOTER_REAL_DRIVER, which must name chromedriver or geckodriver');
const speaksCdp = !program.includes('gecko');

/** @import { IncomingMessage, ServerResponse } from 'node:http' */

// One request after the other, so that the runner never reads a page while another tab is in front.
/** @type {() => void} */
let begin = () => {};
/** @type {Promise<unknown>} */
let turn = new Promise(resolve => {
  begin = () => resolve(undefined);
});
const server = createServer((request, response) => {
  turn = turn
    .then(() => answer(request, response))
    .catch(error => {
      const value = { error: 'unknown error', message: String(error), stacktrace: '' };
      response.writeHead(500, JSON_TYPE).end(JSON.stringify({ value }));
    });
});
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-methods': '*', 'access-control-allow-headers': '*' };

// Taken before the real driver is up, so that the runner waits with its first request and not for the port.
await new Promise(listening => void server.listen(port, '127.0.0.1', () => listening(undefined)));
const real = await new Promise(resolve => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
    probe.close(() => resolve(`http://127.0.0.1:${port}`));
  });
});
// The runner ends its driver by force, which leaves no time to end the real driver and the browser.
const guard = guarded(program, [`--port=${new URL(real).port}`], process.env);

/** @type {(method: string, path: string, body?: string) => Promise<Response>} */
const send = (method, path, body) =>
  fetch(real + path, { method, body: body || undefined, headers: { 'content-type': 'application/json' } });

/**
 * Sends a command and gives back its value; a refusal is an error with the driver's own words.
 *
 * @param {string} method
 * @param {string} path
 * @param {object} [parameters]
 * @returns {Promise<any>} as WebDriver has it for that command
 */
const command = async (method, path, parameters) => {
  const response = await send(method, path, parameters && JSON.stringify(parameters));
  const { status, value } = await response.json();
  // The test runner opens Chromium's sessions in the old protocol, where a refusal looks like success but for this.
  if (status || !response.ok) throw new Error(`${method} ${path}: ${value?.message ?? 'no reason given'}`);
  return value;
};

/** @typedef {{ id: string, path: string }} Authenticator */

/** The session's path, its authenticator, and the second tab while there is one. */
/** @type {string | undefined} */
let session;
/** @type {Authenticator} */
let authenticator;
/** @type {string | undefined} */
let secondTab;
/** @type {(id: string) => Authenticator} */
const of = id => ({ id, path: `${session}/webauthn/authenticator/${id}` });
const addAuthenticator = async () =>
  of(
    await command('POST', `${session}/webauthn/authenticator`, {
      protocol: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserConsenting: true,
      isUserVerified: true,
    }),
  );
/**
 * @param {string} cmd
 * @param {object} params
 */
const cdp = (cmd, params) => {
  if (!speaksCdp) throw Object.assign(new Error("this browser's driver cannot do that"), { code: 501 });
  return command('POST', `${session}/goog/cdp/execute`, { cmd, params: { authenticatorId: authenticator.id, ...params } });
};

const currentTab = () => command('GET', `${session}/window`);
/** @param {string} tab `name` is what the old protocol calls it */
const switchTo = tab => command('POST', `${session}/window`, { handle: tab, name: tab });
/**
 * @param {string} tab
 * @param {() => Promise<unknown>} work
 */
const within = async (tab, work) => {
  const first = await currentTab();
  await switchTo(tab);
  try {
    await work();
  } finally {
    await switchTo(first);
  }
};
const closeTab = async () => {
  if (!secondTab) return;
  const tab = secondTab;
  secondTab = undefined;
  await within(tab, () => command('DELETE', `${session}/window`));
};
/**
 * A tab has authenticators of its own, so it gets one with the keys that the first holds.
 *
 * @param {string} url
 */
const openTab = async url => {
  await closeTab();
  const keys = await command('GET', `${authenticator.path}/credentials`);
  const { handle } = await command('POST', `${session}/window/new`, { type: 'tab' });
  secondTab = handle;
  await within(handle, async () => {
    const { path } = await addAuthenticator();
    for (const key of keys) await command('POST', `${path}/credential`, key);
    await command('POST', `${session}/url`, { url });
  });
};

/**
 * The requests of the page.
 *
 * @type {[string, RegExp, (given: string[], body: string) => Promise<unknown>][]}
 */
const REQUESTS = [
  // Whether the authenticator can verify its user.
  [
    'POST',
    /^user-verified\/(true|false)$/,
    ([verified]) => command('POST', `${authenticator.path}/uv`, { isUserVerified: verified === 'true' }),
  ],
  // Whether the user touches it; without, a request stays open (Chromium).
  [
    'POST',
    /^consent\/(true|false)$/,
    ([consent]) => cdp('WebAuthn.setAutomaticPresenceSimulation', { enabled: consent === 'true' }),
  ],
  // The keys that it holds, as WebDriver describes them; and to remove all, or one.
  ['GET', /^credentials$/, () => command('GET', `${authenticator.path}/credentials`)],
  ['DELETE', /^credentials(\/.+)?$/, ([one = '']) => command('DELETE', `${authenticator.path}/credentials${one}`)],
  // `{isBogusSignature, isBadUV, isBadUP}`: spoils what it answers from now on (Chromium).
  [
    'POST',
    /^override$/,
    (_, bits) =>
      cdp('WebAuthn.setResponseOverrideBits', { isBogusSignature: false, isBadUV: false, isBadUP: false, ...JSON.parse(bits) }),
  ],
  // A page in a second tab, with an authenticator that holds copies of the keys.
  ['POST', /^tab\?url=(.*)$/, ([url]) => openTab(decodeURIComponent(url))],
  ['DELETE', /^tab$/, closeTab],
];
/**
 * @param {string} method
 * @param {string} path
 * @param {string} body
 * @param {ServerResponse} response
 */
const answerPage = async (method, path, body, response) => {
  const found = REQUESTS.find(([wanted, pattern]) => wanted === method && pattern.test(path));
  if (method === 'OPTIONS' || !found) return response.writeHead(found || method === 'OPTIONS' ? 200 : 404, CORS).end();
  const [, pattern, act] = found;
  const [, ...given] = path.match(pattern) ?? [];
  try {
    if (!session) throw new Error('there is no session');
    const value = (await act(given, body)) ?? null;
    response.writeHead(200, { ...CORS, ...JSON_TYPE }).end(JSON.stringify(value));
  } catch (error) {
    const { code, message } = /** @type {Error & { code?: number }} */ (error);
    response.writeHead(code === 501 ? 501 : 502, CORS).end(message);
  }
};

/** @param {string} url */
const forWebAuthn = url => {
  const moved = new URL(url);
  if (moved.hostname !== '127.0.0.1') return url;
  moved.hostname = 'localhost';
  moved.searchParams.set('wx-soter-driver', String(port));
  return moved.href;
};

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
const answer = async (request, response) => {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  const { method = '', url = '' } = request;
  if (url.startsWith('/wx-soter/')) return answerPage(method, url.slice('/wx-soter/'.length), body, response);
  if (method === 'POST' && /^\/session\/[^/]+\/url$/.test(url)) body = JSON.stringify({ url: forWebAuthn(JSON.parse(body).url) });
  if (method === 'DELETE' && /^\/session\/[^/]+(\/window)?$/.test(url))
    await closeTab().catch(error => console.error(`the second tab stays: ${error.message}`));
  const answered = await send(method, url, body);
  const content = Buffer.from(await answered.arrayBuffer());
  if (method === 'POST' && url === '/session' && answered.ok) {
    const { sessionId, value } = JSON.parse(String(content));
    // At the top in the old protocol, in `value` in the standard's.
    const id = value?.sessionId ?? sessionId;
    if (id) {
      session = `/session/${id}`;
      guard.stdin.write(`${real}${session}\n`);
      authenticator = await addAuthenticator();
    }
  }
  response.writeHead(answered.status, JSON_TYPE).end(content);
};

for (
  let tries = 0;
  !(await send('GET', '/status').then(
    ({ ok }) => ok,
    () => false,
  ));
  tries += 1
) {
  if (tries > 1200) throw new Error('the driver does not start');
  await sleep(50);
}
begin();
