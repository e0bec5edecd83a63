// A backend that was written for WeChat runs unchanged against soter-server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createEmulator } from '../emulator/device.mjs';
import { OK, databases, newOpenid, sha256, startServer } from './soter-server.mjs';

const BACKEND = fileURLToPath(new URL('wechat-backend.mjs', import.meta.url));
const ORIGIN = 'http://localhost:8000';
const APPID = 'wx0123456789abcdef';
const SECRET = randomBytes(16).toString('hex');

/** Runs the backend; resolves with what it printed, rejects with what it complained of. */
const backend = (address, input, secret = SECRET) =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, HOST: `http://${address}`, APPID, SECRET: secret };
    const child = execFile(process.execPath, [BACKEND], { env }, (error, printed, complained) =>
      error ? reject(new Error(complained)) : resolve(printed.trim()),
    );
    child.stdin.end(JSON.stringify(input));
  });

for (const database of databases) {
  test(`with the host changed alone it accepts each result once, ${database.name}`, { skip: database.skip }, async () => {
    // Its keys are registered with the token of the configuration, which is the default app's.
    const settings = { SOTER_APPS: `${APPID}:${sha256(SECRET)}`, SOTER_DEFAULT_APP: APPID };
    const server = await startServer({ database, origin: ORIGIN, settings });
    const openid = newOpenid();
    const registrations = [];
    const { wx } = createEmulator({ origin: ORIGIN, onKeyCreated: registration => void registrations.push(registration) });
    const challenge = randomBytes(16).toString('hex');
    const result = await wx.startSoterAuthentication({ challenge });
    // The one thing that WeChat does by itself: SOTER's keys are registered with it by the phone.
    const registered = { ...OK, cpu_id: registrations[0].id };
    assert.deepEqual(await server.register(openid, registrations[0], { challenge }), registered);

    assert.equal(await backend(server.address, { openid, challenge, result }), 'paid');
    assert.equal(await backend(server.address, { openid, challenge, result }), 'refused');
    assert.equal(await backend(server.address, { openid, challenge: 'another', result }), 'refused');
    const next = { openid, challenge: 'next', result: await wx.startSoterAuthentication({ challenge: 'next' }) };
    await assert.rejects(backend(server.address, { ...next, openid: newOpenid() }), /40003 invalid openid/);
    await assert.rejects(backend(server.address, next, 'guessed'), /40125 invalid appsecret/);
    assert.equal(await backend(server.address, next), 'paid');
  });
}
