// Running instances of soter-server for one test file.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { endWithTests } from './end-with-tests.mjs';

const PROGRAM = process.env.WX_SOTER_SERVER || 'soter-server';
const POSTGRES = process.env.SOTER_TEST_POSTGRES;

const folder = mkdtempSync(join(tmpdir(), 'wx-soter-server-'));
after(() => rmSync(folder, { recursive: true, force: true }));

export const sha256 = text => createHash('sha256').update(text).digest('hex');

/** The databases that tests run on: `{ name, url, skip }`. */
export const databases = [
  { name: 'SQLite', url: `sqlite://${join(folder, 'keys.db')}?mode=rwc`, skip: false },
  { name: 'PostgreSQL', url: POSTGRES, skip: POSTGRES ? false : 'SOTER_TEST_POSTGRES names no database' },
];

const newFile = () => join(folder, `${randomBytes(12).toString('hex')}.db`);

/** A database with nothing of another test in it, where that costs nothing. */
export const ofOwn = database =>
  database.url.startsWith('sqlite:') ? { ...database, url: `sqlite://${newFile()}?mode=rwc` } : database;

/** The database for another instance: a copy of SQLite's, which is for one process; nobody must be writing into it. */
export const forAnother = database => {
  if (!database.url.startsWith('sqlite:')) return database;
  const file = database.url.slice('sqlite://'.length).split('?')[0];
  const copy = newFile();
  for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  return { ...database, url: `sqlite://${copy}?mode=rwc` };
};

/** An openid that no other test has. */
export const newOpenid = () => `openid-${randomBytes(12).toString('hex')}`;

/** Starts an instance that takes results of `origin`; `settings` are its variables. */
export const startServer = async ({ database = ofOwn(databases[0]), origin, rpId = 'localhost', settings = {} }) => {
  const token = randomBytes(32).toString('hex');
  const child = spawn(PROGRAM, {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      SOTER_LISTEN: '127.0.0.1:0',
      SOTER_ORIGINS: origin,
      SOTER_RP_ID: rpId,
      SOTER_ACCESS_TOKEN_HASHES: sha256(token),
      // One person of a test does in a second what others do in a day.
      SOTER_MAX_RATE_PER_OPENID: '1000000',
      SOTER_MAX_CHALLENGES: '1000000',
      ...settings,
    },
  });
  endWithTests(child);
  const address = await listening(child);
  /** Makes a call, as a backend does. */
  const call = async (name, body) => {
    const response = await fetch(`http://${address}/cgi-bin/soter/${name}?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return response.json();
  };
  return {
    address,
    token,
    call,
    stop: () => new Promise(resolve => child.on('exit', resolve).kill('SIGTERM')),
    challenge: async openid => (await call('get_challenge', { openid })).challenge,
    register: (openid, registration, more) => call('register_key', { openid, registration, ...more }),
    verify: (openid, { resultJSON, resultJSONSignature }) =>
      call('verify_signature', { openid, json_string: resultJSON, json_signature: resultJSONSignature }),
  };
};

/** The address, once its log tells it. */
const listening = child =>
  new Promise((resolve, reject) => {
    const lines = [];
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`soter-server ended: ${lines.join('\n')}`)));
    createInterface({ input: child.stderr }).on('line', line => {
      lines.push(line);
      const { message, address } = read(line) ?? {};
      if (message === 'listening') resolve(address);
    });
  });

const read = line => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** The answers, as they are compared. */
export const OK = { errcode: 0, errmsg: 'ok', is_ok: true };
export const no = reason => ({ errcode: 0, errmsg: 'ok', is_ok: false, reason });
