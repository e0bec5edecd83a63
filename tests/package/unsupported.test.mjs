// Pages and devices that cannot: each call says why, and soon.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { open } from './chromium-full.mjs';
import { addPage, at } from './site.mjs';

const SOON_MS = 3000;
const script = new URL('../../pkg/dist/wx-soter.global.js', import.meta.url);

const assertUnsupported = async ({ page, settle, record, pageErrors }, reason) => {
  const started = Date.now();
  const start = await settle('startSoterAuthentication', { challenge: 'c' });
  const support = await settle('checkIsSupportSoterAuthentication');
  const enrolled = await settle('checkIsSoterEnrolledInDevice');
  assert.ok(Date.now() - started < SOON_MS, `it took ${Date.now() - started} ms`);
  const base = errMsg => ({ errMsg, errCode: 90001, reason });
  for (const { result } of [start, support, enrolled]) delete result.detail;
  assert.deepEqual(start.result, {
    ...base('startSoterAuthentication:fail not support soter'),
    authMode: '',
    resultJSON: '',
    resultJSONSignature: '',
  });
  assert.deepEqual(support.result, { ...base('checkIsSupportSoterAuthentication:fail not support'), supportMode: [] });
  assert.deepEqual(enrolled.result, { ...base('checkIsSoterEnrolledInDevice:fail not support'), isEnrolled: false });
  assert.deepEqual((await record('startSoterAuthentication', { challenge: 'c' })).events, [
    'returned a promise',
    'fail',
    'complete',
    'rejected',
  ]);
  assert.equal(await page.locator('wx-soter-prompt').count(), 0);
  assert.deepEqual(pageErrors, []);
};

test('an IP address as host', async t => {
  const url = at('127.0.0.1', new URL(addPage()).pathname);
  await assertUnsupported(await open(t, url), 'invalid-host');
});

test('a page from a file', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'wx-soter-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'page.html');
  await writeFile(file, `<!doctype html><title>File</title><script src="${script}"></script>`);
  const opened = await open(t, pathToFileURL(file).href);
  const { result } = await opened.settle('startSoterAuthentication', { challenge: 'c' });
  assert.match(result.detail, /not file: which has no domains: serve the page over https/);
  await assertUnsupported(opened, 'invalid-host');
});

test('a sandboxed document, whose origin is opaque', async t => {
  const headers = { 'content-security-policy': 'sandbox allow-scripts' };
  const opened = await open(t, addPage({ headers }));
  const { result } = await opened.settle('startSoterAuthentication', { challenge: 'c' });
  assert.match(result.detail, /opaque origin/);
  assert.doesNotMatch(result.detail, /null/);
  await assertUnsupported(opened, 'invalid-host');
});

test('a page without HTTPS', async t => {
  const opened = await open(t, addPage());
  const { page } = opened;
  // Answered by the test itself: nothing leaves the machine.
  await page.route('http://insecure.test/**', route =>
    route.request().resourceType() === 'document'
      ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><script src="/wx-soter.global.js"></script>' })
      : route.fulfill({ path: script.pathname }),
  );
  await page.goto('http://insecure.test/');
  await assertUnsupported(opened, 'insecure-context');
});

test('a device without a platform authenticator', async t => {
  await assertUnsupported(await open(t, addPage(), { authenticator: null }), 'no-platform-authenticator');
});

test('a security key is no platform authenticator', async t => {
  const opened = await open(t, addPage(), { authenticator: { transport: 'usb' } });
  await assertUnsupported(opened, 'no-platform-authenticator');
});

test("WeChat's dialect answers the check as WeChat does on such a device", async t => {
  const { page } = await open(t, addPage(), { authenticator: null });
  const { succeeded, result } = await page.evaluate(() =>
    settle(WxSoter.createWx({ dialect: 'wechat' }).checkIsSupportSoterAuthentication()),
  );
  assert.equal(succeeded, true);
  assert.deepEqual(result, { errMsg: 'checkIsSupportSoterAuthentication:ok', errCode: 0, supportMode: [] });
});
