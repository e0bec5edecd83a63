// The real nginx with server/deploy/nginx.conf before soter-server.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { endWithTests } from '../server/end-with-tests.mjs';
import { startServer } from '../server/soter-server.mjs';

const nginx = ['nginx', '/usr/sbin/nginx'].find(program => spawnSync(program, ['-v']).status === 0);
const skip = nginx && spawnSync('openssl', ['version']).status === 0 ? false : 'there is no nginx, or no openssl';
if (skip) console.log(`SKIPPED nginx: ${skip}`);

const folder = mkdtempSync(join(tmpdir(), 'wx-soter-nginx-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const freePort = () =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

let port;
let service;

before(async () => {
  if (skip) return;
  service = await startServer({ origin: 'https://localhost' });
  port = await freePort();
  const [key, certificate] = ['tls.key', 'tls.crt'].map(name => join(folder, name));
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-keyout', key, '-out', certificate],
  ]);
  assert.equal(made.status, 0, `${made.stderr}`);
  let configuration = readFileSync('server/deploy/nginx.conf', 'utf8');
  // What belongs to this machine: each must be there, or it is not the file that is tried.
  for (const [from, to] of [
    ['127.0.0.1:8787', service.address],
    ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
    ['/etc/soter-server/tls.crt', certificate],
    ['/etc/soter-server/tls.key', key],
    ['/var/log/nginx/soter.log', join(folder, 'access.log')],
    ['/var/log/nginx/soter-error.log', join(folder, 'error.log')],
  ]) {
    assert.ok(configuration.includes(from), from);
    configuration = configuration.replace(from, to);
  }
  writeFileSync(join(folder, 'soter.conf'), configuration);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => {
    mkdirSync(join(folder, name));
    return `${name}_temp_path ${join(folder, name)};`;
  });
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr crit; events {}
     http { ${temporary.join(' ')} include ${join(folder, 'soter.conf')}; }`,
  );
  const checked = spawnSync(nginx, ['-t', '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { encoding: 'utf8' });
  assert.equal(checked.status, 0, checked.stderr);
  const proxy = spawn(nginx, ['-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: 'inherit' });
  endWithTests(proxy);
  while ((await get('/').catch(() => undefined)) === undefined) {
    assert.equal(proxy.exitCode ?? proxy.signalCode, null, 'nginx has ended');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
});

/** `{ status, body }`. The certificate is its own. */
const ask = (method, path, body = '') =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, rejectUnauthorized: false, agent: false };
    const call = request(options, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', part => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, body: text }));
    });
    call.on('error', reject);
    call.end(body);
  });
const get = path => ask('GET', path);
const post = (call, token, body) => ask('POST', `/cgi-bin/soter/${call}?access_token=${token}`, JSON.stringify(body));

const log = name => readFileSync(join(folder, name), 'utf8');

test('calls go through, and what is for the operator stays inside', { skip }, async () => {
  const { status, body } = await post('get_challenge', service.token, { openid: 'alice' });
  assert.equal(status, 200);
  assert.match(JSON.parse(body).challenge, /^soter-/);
  for (const path of ['/metrics', '/healthz', '/readyz', '/openapi.json', '/']) assert.equal((await get(path)).status, 404, path);
});

test('a body as large as the service takes passes, and a larger one does not reach it', { skip }, async () => {
  const within = await post('verify_signature', service.token, { openid: 'x'.repeat(590_000) });
  assert.equal(within.status, 200);
  assert.ok(JSON.parse(within.body).errcode !== 0);
  assert.equal((await post('verify_signature', service.token, { openid: 'x'.repeat(700_000) })).status, 413);
});

test('neither log has a token or a secret, when the service answers and when it is gone', { skip }, async () => {
  await get(`/cgi-bin/token?grant_type=client_credential&appid=wx1&secret=the-secret-of-an-app`);
  await service.stop();
  const gone = await post('get_challenge', service.token, { openid: 'alice' });
  assert.equal(gone.status, 502);
  // nginx writes its line after the response.
  while (!log('access.log').includes(' 502 ')) await new Promise(resolve => setTimeout(resolve, 20));
  const [access, error] = ['access.log', 'error.log'].map(log);
  assert.match(access, /"POST \/cgi-bin\/soter\/get_challenge" 200 /);
  assert.match(access, /"POST \/cgi-bin\/soter\/get_challenge" 502 /);
  assert.match(access, /"GET \/cgi-bin\/token" /);
  for (const secret of [service.token, 'the-secret-of-an-app', 'alice']) assert.ok(!(access + error).includes(secret));
});
