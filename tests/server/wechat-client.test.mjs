// A client library of WeChat's API as PyPI has it works with soter-server in the place of WeChat, for results of the web and, with
// WeChat behind soter-server, for those of mini programs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createEmulator } from '../emulator/device.mjs';
import { OK, databases, newOpenid, no, ofOwn, sha256, startServer } from './soter-server.mjs';

const BACKEND = fileURLToPath(new URL('python/backend.py', import.meta.url));
/** A Python with the packages of `python/requirements.txt`. */
const PYTHON = process.env.WX_SOTER_WECHAT_PYTHON;
const ORIGIN = 'http://localhost:8000';
const APPID = 'wx0123456789abcdef';
const SECRET = randomBytes(16).toString('hex');

/** What the library makes of the answers. */
const backend = (address, submissions) =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, HOST: `http://${address}`, APPID, SECRET };
    const child = execFile(PYTHON, [BACKEND], { env }, (error, printed, complained) =>
      error ? reject(new Error(complained)) : resolve(JSON.parse(printed.trim().split('\n').at(-1))),
    );
    child.stdin.end(JSON.stringify(submissions));
  });

/** What a phone's key would sign. */
const sign = (openid, json) => createHmac('sha256', openid).update(json).digest('base64');

const ofPhone = (openid, challenge) => {
  const resultJSON = JSON.stringify({ raw: challenge, counter: 94, uid: '59078fa8', cpu_id: 'F5D3F2DF-0000' });
  return { resultJSON, resultJSONSignature: sign(openid, resultJSON) };
};

/** WeChat's two calls; ends with the test. */
const startWeChat = async t => {
  const token = randomBytes(64).toString('base64');
  const answers = {
    '/cgi-bin/stable_token': ({ appid, secret }) =>
      appid === APPID && secret === SECRET
        ? { access_token: token, expires_in: 7200 }
        : { errcode: 40125, errmsg: 'invalid appsecret' },
    '/cgi-bin/soter/verify_signature': ({ openid, json_string, json_signature }, given) =>
      given === token
        ? { errcode: 0, errmsg: 'ok', is_ok: sign(openid, json_string) === json_signature }
        : { errcode: 40001, errmsg: 'invalid credential' },
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const body = JSON.parse(await text(request));
    response.end(JSON.stringify(answers[pathname](body, searchParams.get('access_token'))));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}`;
};

for (const database of databases) {
  const skip = PYTHON ? database.skip : 'WX_SOTER_WECHAT_PYTHON names no Python with py-wechat-tools';
  test(`py-wechat-tools accepts each result once, ${database.name}`, { skip }, async t => {
    // The secret is the same here and at WeChat, so that the backend changes nothing.
    const server = await startServer({
      database: ofOwn(database),
      origin: ORIGIN,
      settings: {
        SOTER_APPS: `${APPID}:${sha256(SECRET)}`,
        SOTER_DEFAULT_APP: APPID,
        SOTER_UPSTREAM: await startWeChat(t),
        SOTER_UPSTREAM_APPS: `${APPID}:${SECRET}`,
      },
    });
    const openid = newOpenid();
    const registrations = [];
    const { wx } = createEmulator({ origin: ORIGIN, onKeyCreated: registration => void registrations.push(registration) });
    const challenge = await server.challenge(openid);
    const ofWeb = await wx.startSoterAuthentication({ challenge });
    const registered = { ...OK, cpu_id: registrations[0].id };
    assert.deepEqual(await server.register(openid, registrations[0]), registered);
    const phone = ofPhone(openid, await server.challenge(openid));

    const stranger = newOpenid();
    const verdicts = await backend(server.address, [
      { openid, result: ofWeb },
      { openid, result: ofWeb },
      { openid, result: phone },
      { openid, result: phone },
      { openid: stranger, result: ofPhone(openid, await server.challenge(stranger)) },
      { openid: stranger, result: ofWeb },
    ]);
    assert.deepEqual(verdicts.slice(0, 5), [
      { ...OK, by: 'webauthn' },
      { ...no('challenge-used'), by: 'webauthn' },
      { ...OK, by: 'wechat' },
      { ...no('challenge-used'), by: 'wechat' },
      { ...no('refused-by-wechat'), by: 'wechat' },
    ]);
    assert.match(verdicts[5].raised, /40003/);
  });
}
