// Serves `www/`, and `pkg/` under `/pkg/`, on this machine only, with a backend that has soter-server check results:
//   node xtask/js/demo.mjs PORT
// `cargo xtask demo` builds everything first, and names soter-server in WX_SOTER_SERVER.
//
// The backend is as one would be written for WeChat: it knows whose session it is and holds the access token. The page gets
// neither the token nor the openid. Each session has two accounts, `ann` and `bob`, and the page's switch between them stands for
// a log-in: a real backend knows who is logged in, and takes no page's word for it.
//
// | request | effect |
// | --- | --- |
// | `GET /api/about.json` | the origin whose results are checked here; a folder without this backend has a file there that says none |
// | `POST /api/ann/challenge` | `{challenge, expires_in}`, for `wx.startSoterAuthentication` |
// | `POST /api/ann/keys` | `{registration}`, what `onKeyCreated` got: the verdict on the new key |
// | `DELETE /api/ann/keys` | forgets all keys of the account |
// | `POST /api/ann/verify` | `{resultJSON, resultJSONSignature}`: the verdict on a result |
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { guarded } from './guard.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
/** Cookies know no ports, so the name had better not be one that other pages on this machine use. */
const COOKIE = 'wx-soter-demo';
/** More than any result or registration has. */
const MAX_BODY = 256 * 1024;

/** @import { IncomingMessage, RequestListener, ServerResponse } from 'node:http' */
/** @typedef {(call: string, body: object) => Promise<object>} Ask makes a call of soter-server, and gives its answer */
/** @typedef {(sent: Record<string, unknown>) => [call: string, body: object]} MakeCall of what the page sent */

const random = () => randomBytes(32).toString('hex');
/** @param {string} text */
const sha256 = text => createHash('sha256').update(text).digest('hex');

/** @param {import('node:http').Server} server */
const portOf = server => /** @type {import('node:net').AddressInfo} */ (server.address()).port;

/**
 * Listens at the addresses that `localhost` means. A machine without IPv6 has one.
 *
 * @param {RequestListener} handle
 * @param {number} port
 */
const listen = async (handle, port) => {
  /** @type {(host: string, port: number) => Promise<number>} */
  const listenAt = (host, port) =>
    new Promise((resolve, reject) => {
      const server = createServer(handle).on('error', reject);
      server.listen(port, host, () => resolve(portOf(server)));
    });
  const taken = await listenAt('127.0.0.1', port);
  await listenAt('::1', taken).catch(error => {
    if (error.code === 'EADDRINUSE') throw error;
  });
  return taken;
};

/**
 * Starts soter-server for the pages of one origin. Its keys stay from one start to the next.
 *
 * @param {string} program
 * @param {string} origin
 * @returns {Promise<Ask>}
 */
const startSoterServer = async (program, origin) => {
  const token = random();
  const address = `127.0.0.1:${await freePort()}`;
  // Two demos run on two ports, and a SQLite file is for one service.
  const database = join(ROOT, `target/wx-soter/demo-${new URL(origin).port}.db`);
  mkdirSync(join(ROOT, 'target/wx-soter'), { recursive: true });
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SOTER_'));
  const guard = guarded(program, [], {
    ...Object.fromEntries(inherited),
    SOTER_LISTEN: address,
    DATABASE_URL: `sqlite://${database}?mode=rwc`,
    SOTER_ORIGINS: origin,
    SOTER_RP_ID: 'localhost',
    SOTER_ACCESS_TOKEN_HASHES: sha256(token),
    // The backend makes no challenges of its own, so what a page makes up is none.
    SOTER_CHALLENGES: 'issued',
    SOTER_LOG: 'text',
    RUST_LOG: 'warn',
  });
  const isReady = () =>
    fetch(`http://${address}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let tries = 0; !(await isReady()); tries += 1) {
    if (guard.exitCode !== null || tries > 600)
      throw new Error(`soter-server does not answer; if ${database} is not its database, delete it`);
    await sleep(50);
  }
  return async (call, body) => {
    const response = await fetch(`http://${address}/cgi-bin/soter/${call}?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    if (!response.ok) throw new Error(`soter-server answered ${response.status}`);
    return response.json();
  };
};

const freePort = () =>
  new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const port = portOf(probe);
      probe.close(() => resolve(port));
    });
  });

/**
 * What the page asks for, and what soter-server is asked then.
 *
 * @type {Record<string, MakeCall>}
 */
const CALLS = {
  'POST challenge': () => ['get_challenge', {}],
  'POST keys': ({ registration }) => ['register_key', { registration }],
  'DELETE keys': () => ['remove_key', { all: true }],
  'POST verify': ({ resultJSON, resultJSONSignature }) => [
    'verify_signature',
    { json_string: resultJSON, json_signature: resultJSONSignature },
  ],
};

/**
 * Whose session it is. Without one it begins one.
 *
 * @param {IncomingMessage} request
 * @returns {{ session: string, headers: Record<string, string> }}
 */
const sessionOf = ({ headers }) => {
  const known = new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]{64})(?:;|$)`).exec(headers.cookie ?? '');
  if (known) return { session: known[1], headers: {} };
  const session = random();
  // It lives as long as browsers allow, since the keys do too. Not `Secure`, because Safari would not send that to
  // http://localhost; on any other site it has to be.
  return { session, headers: { 'set-cookie': `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000` } };
};

/** @param {IncomingMessage} request */
const bodyOf = async request => {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part;
    if (text.length > MAX_BODY) throw new RangeError('too much');
  }
  return text;
};

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {Ask} ask
 * @param {string} account
 * @param {MakeCall} makeCall
 */
const answerCall = async (request, response, ask, account, makeCall) => {
  let asked;
  try {
    asked = makeCall(JSON.parse((await bodyOf(request)) || '{}'));
  } catch {
    return response.writeHead(400).end();
  }
  const { session, headers } = sessionOf(request);
  const [call, body] = asked;
  try {
    // By its hash, nobody who reads the database can take a session over; and there is nothing to remember.
    const answer = await ask(call, { ...body, openid: sha256(`${session} ${account}`) });
    response
      .writeHead(200, { 'content-type': TYPES['.json'], 'cache-control': 'no-store', ...headers })
      .end(JSON.stringify(answer));
  } catch (error) {
    // On the terminal; the page learns that no verdict could be had.
    console.error(`error: ${/** @type {Error} */ (error).message}`);
    response.writeHead(502).end();
  }
};

/**
 * @param {string} path
 * @param {ServerResponse} response
 */
const serveFile = async (path, response) => {
  const [folder, file] = path.startsWith('/pkg/') ? ['pkg', path.slice('/pkg'.length)] : ['www', path];
  const within = join(ROOT, folder);
  const whole = normalize(join(within, file.endsWith('/') ? `${file}index.html` : file));
  try {
    if (!whole.startsWith(within + sep)) throw new Error('outside');
    const content = await readFile(whole);
    // What was just built must be what is seen.
    const headers = { 'content-type': TYPES[extname(whole)] ?? 'application/octet-stream', 'cache-control': 'no-store' };
    response.writeHead(200, headers).end(content);
  } catch {
    response.writeHead(404).end();
  }
};

/** @type {Ask | undefined} */
let ask;
/** @type {string} */
let origin;
/** @type {RequestListener} */
const handle = async (request, response) => {
  let path;
  try {
    path = decodeURIComponent(new URL(/** @type {string} */ (request.url), 'http://localhost').pathname);
  } catch {
    return response.writeHead(400).end();
  }
  const [, account, call] = /^\/api\/(ann|bob)\/([a-z]+)$/.exec(path) ?? [];
  const makeCall = CALLS[`${request.method} ${call}`];
  if (ask && makeCall) return answerCall(request, response, ask, account, makeCall);
  if (ask && path === '/api/about.json')
    return response
      .writeHead(200, { 'content-type': TYPES['.json'], 'cache-control': 'no-store' })
      .end(JSON.stringify({ origin }));
  if (!['GET', 'HEAD'].includes(/** @type {string} */ (request.method))) return response.writeHead(405).end();
  return serveFile(path, response);
};

const wanted = Number(process.argv[2]);
const port = await listen(handle, wanted).catch(error => {
  const isTaken = error.code === 'EADDRINUSE';
  console.error(`error: ${isTaken ? `port ${wanted} is in use: end what uses it, or choose another by --port` : error.message}`);
  process.exit(1);
});
origin = `http://localhost:${port}`;
try {
  if (!process.env.WX_SOTER_SERVER) throw new Error('it could not be built');
  ask = await startSoterServer(process.env.WX_SOTER_SERVER, origin);
} catch (error) {
  console.error(`soter-server cannot be had, so nothing checks the demo's results: ${/** @type {Error} */ (error).message}`);
}
console.log(`wx-soter demo: ${origin}`);
