// What server/deploy/Dockerfile makes: a root folder with the static program and nothing else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { endWithTests } from '../server/end-with-tests.mjs';
import { sha256 } from '../server/soter-server.mjs';

const PROGRAM = process.env.WX_SOTER_STATIC_SERVER;
const reason = () => {
  if (!PROGRAM || !existsSync(PROGRAM)) return 'no static program was built';
  return process.getuid?.() === 0 ? false : 'chroot is for root';
};
const skip = reason();
if (skip) console.log(`SKIPPED the image: ${skip}`);

const root = mkdtempSync(join(tmpdir(), 'wx-soter-scratch-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** The words after each instruction of that name. */
const instructions = name =>
  readFileSync('server/deploy/Dockerfile', 'utf8')
    .split('\n')
    .filter(line => line.startsWith(`${name} `))
    .map(line => line.slice(name.length + 1));

test('the program starts as nobody in an empty root, answers, keeps its keys, and ends by SIGTERM', { skip }, async () => {
  const [user] = instructions('USER');
  const [folder] = instructions('WORKDIR');
  const [copied] = instructions('COPY');
  const [entry] = instructions('ENTRYPOINT').map(JSON.parse);
  assert.equal(copied.split(' ')[1], entry[0]);
  chmodSync(root, 0o755);
  copyFileSync(PROGRAM, join(root, entry[0]));
  mkdirSync(join(root, folder));
  chownSync(join(root, folder), ...user.split(':').map(Number));
  const settings = {
    ...Object.fromEntries(instructions('ENV').flatMap(line => line.split(' ').map(pair => pair.split('=')))),
    // Ports of the tests' own.
    SOTER_LISTEN: '127.0.0.1:0',
    SOTER_MONITORING_LISTEN: '127.0.0.1:0',
    SOTER_RP_ID: 'example.org',
    SOTER_ORIGINS: 'https://example.org',
    SOTER_ACCESS_TOKEN_HASHES: sha256('a token'),
    DATABASE_URL: `sqlite://${folder}/keys.db?mode=rwc`,
  };
  const child = spawn('chroot', [`--userspec=${user}`, root, ...entry], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  endWithTests(child);
  const lines = createInterface({ input: child.stderr });
  const ended = new Promise(resolve => child.on('exit', (code, signal) => resolve([code, signal])));
  const address = await new Promise((resolve, reject) => {
    lines.on('line', line => {
      const { message, address } = JSON.parse(line);
      if (message === 'listening') resolve(address);
    });
    ended.then(how => reject(new Error(`it ended: ${how}`)));
  });
  const response = await fetch(`http://${address}/cgi-bin/soter/get_challenge?access_token=a%20token`, {
    method: 'POST',
    body: JSON.stringify({ openid: 'alice' }),
  });
  assert.match((await response.json()).challenge, /^soter-/);
  assert.ok(existsSync(join(root, folder, 'keys.db')));
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});
