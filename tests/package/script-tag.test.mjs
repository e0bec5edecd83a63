// One script in a page, and nothing else.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage, addScript, script, tag, usesWasm } from './site.mjs';

const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];

test('the next script finds the calls and all exports of the main entry', async t => {
  const look = addScript('globalThis.seen = { wx: Object.keys(wx), exports: Object.keys(WxSoter) }');
  const { page, pageErrors } = await open(t, addPage({ head: `${tag()}<script src="${look}"></script>` }));
  const seen = await page.evaluate(() => globalThis.seen);
  assert.deepEqual(seen.wx.sort(), [...CALLS, 'canIUse'].sort());
  const main = await import(new URL('../../pkg/dist/index.js', import.meta.url));
  assert.deepEqual(seen.exports.sort(), Object.keys(main).sort());
  assert.deepEqual(pageErrors, []);
});

test('it loads nothing else, and starts no module before the first call', async t => {
  const prepare = () => {
    globalThis.made = 0;
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct: (target, list) => {
        globalThis.made += 1;
        return new target(...list);
      },
    });
  };
  const { page, settle } = await open(t, addPage(), { prepare });
  assert.equal(await page.evaluate(() => made), 0);
  await settle('checkIsSupportSoterAuthentication');
  assert.equal(await page.evaluate(() => made), usesWasm ? 1 : 0);
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  // What the tests have in the page, where the driver does not put it there, and what browsers look for by themselves.
  const isOurs = path => path !== '/favicon.ico' && !path.startsWith('/added-');
  assert.deepEqual(loaded.filter(isOurs), [`/pkg/dist/${script}`]);
});

test('a whole enrolment and authentication, by callbacks', async t => {
  const { record, tell, pageErrors } = await open(t, addPage());
  const options = { challenge: 'once', authContent: 'Pay', requestAuthModes: ['facial', 'fingerPrint'] };
  const counters = [];
  for (let use = 0; use < 2; use += 1) {
    const { events, same, result } = await record('startSoterAuthentication', options);
    assert.deepEqual(events, ['returned a promise', 'success', 'complete', 'resolved']);
    assert.ok(same);
    const { resultJSON, resultJSONSignature, ...rest } = result;
    assert.deepEqual(rest, { errMsg: 'startSoterAuthentication:ok', errCode: 0, authMode: 'facial' });
    assert.match(resultJSONSignature, /^[A-Za-z0-9+/]{90,}=*$/);
    const signed = JSON.parse(resultJSON);
    assert.deepEqual(Object.keys(signed), ['raw', 'counter', 'uid', 'cpu_id', 'webauthn']);
    assert.deepEqual(Object.keys(signed.webauthn), ['id', 'clientDataJSON', 'authenticatorData']);
    assert.deepEqual([signed.raw, signed.cpu_id], ['once', signed.webauthn.id]);
    counters.push(signed.counter);
  }
  assert.ok(0 < counters[0] && counters[0] < counters[1], `${counters}`);
  const { credentials } = await tell('getCredentials');
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].isResidentCredential, false);
  assert.deepEqual(pageErrors, []);
});

test('both checks, by callbacks and by promise', async t => {
  const { record, settle } = await open(t, addPage());
  const support = { errMsg: 'checkIsSupportSoterAuthentication:ok', errCode: 0, supportMode: ['fingerPrint', 'facial'] };
  const enrolled = { errMsg: 'checkIsSoterEnrolledInDevice:ok', errCode: 0, isEnrolled: true };
  for (const [api, expected] of [
    [CALLS[1], support],
    [CALLS[2], enrolled],
  ]) {
    assert.deepEqual((await record(api)).result, expected);
    assert.deepEqual(await settle(api), { succeeded: true, result: expected });
  }
});

test('calls from the head of the page, before it has a body, all answer', async t => {
  const early = addScript(`
    globalThis.hadBody = !!document.body
    globalThis.early = Promise.all([
      record(wx, 'checkIsSupportSoterAuthentication'),
      record(wx, 'startSoterAuthentication', { challenge: 'early' }),
      record(wx, 'checkIsSoterEnrolledInDevice'),
    ])`);
  const { page } = await open(t, addPage({ head: `${tag()}<script src="${early}"></script>` }));
  assert.equal(await page.evaluate(() => hadBody), false);
  const ended = await page.evaluate(() => early);
  assert.deepEqual(
    ended.map(({ result }) => result.errMsg),
    [CALLS[1], CALLS[0], CALLS[2]].map(api => `${api}:ok`),
  );
});

test('a second start is busy, and the first goes on', async t => {
  const { page } = await open(t, addPage());
  const ended = await page.evaluate(async () => {
    let letGo;
    const wx = WxSoter.createWx({ onKeyCreated: () => new Promise(resolve => (letGo = resolve)) });
    const first = settle(wx.startSoterAuthentication({ challenge: 'first' }));
    const second = await settle(globalThis.wx.startSoterAuthentication({ challenge: 'second' }));
    while (!letGo) await new Promise(resolve => setTimeout(resolve, 5));
    letGo();
    return { second: second.result, first: (await first).result };
  });
  assert.deepEqual([ended.second.errCode, ended.second.reason], [90007, 'busy']);
  assert.equal(ended.second.errMsg, 'startSoterAuthentication:fail authenticate error: another authentication is in progress');
  assert.equal(JSON.parse(ended.first.resultJSON).raw, 'first');
});

test('attributes of the script are settings', async t => {
  const attributes =
    'data-modes="facial, speech" data-prompt="none" data-user-id="ann" data-user-name="Ann" data-dialect="wechat" data-timeout="300"';
  const { page, settle, record, tell } = await open(t, addPage({ head: tag(attributes) }));
  assert.deepEqual((await settle('checkIsSupportSoterAuthentication')).result.supportMode, ['facial', 'speech']);
  // WeChat demands a challenge.
  assert.equal((await record('startSoterAuthentication', { requestAuthModes: ['facial'] })).result.reason, 'bad-parameter');
  const wanted = { challenge: 'c', requestAuthModes: ['facial'] };
  const { result } = await record('startSoterAuthentication', wanted);
  assert.equal(result.errCode, 0);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['wx-soter:localhost:ann']);
  await tell('setAutomaticPresenceSimulation', { enabled: false });
  assert.equal((await settle('startSoterAuthentication', wanted)).result.reason, 'timeout');
  assert.equal(await page.evaluate(() => document.querySelector('wx-soter-prompt')), null);
});

test('a wrong attribute breaks no page: it is reported, and each call says what is wrong', async t => {
  const { settle, pageErrors } = await open(t, addPage({ head: tag('data-timeout="soon"') }));
  const { succeeded, isError, message, result } = await settle('checkIsSupportSoterAuthentication');
  assert.deepEqual([succeeded, isError, result.errCode, result.reason], [false, true, 90007, 'internal']);
  assert.equal(message, result.errMsg);
  assert.match(result.detail, /timeout/);
  assert.deepEqual(pageErrors, [`TypeError: ${result.detail}`]);
});

test('the attributes are found where the browser does not say which script is running', async t => {
  const src = '/pkg/dist/wx-soter.global.js';
  const evaluate = addScript(`fetch('${src}').then(file => file.text()).then(text => (0, eval)(text))`);
  for (const head of [
    `<script type="module" src="${src}" data-modes="facial"></script>`,
    `<script type="text/sandboxed" src="${src}" data-modes="facial"></script><script src="${evaluate}"></script>`,
  ]) {
    const { page, settle } = await open(t, addPage({ head }));
    await page.waitForFunction(() => globalThis.WxSoter);
    assert.deepEqual((await settle('checkIsSupportSoterAuthentication')).result.supportMode, ['facial'], head);
  }
});

test("elements of the document's own names do not pass for the script", async t => {
  const clobber =
    '<img name="currentScript" src="/elsewhere/wx-soter.global.js" data-modes="speech"><img name="scripts"><img name="scripts" src="/elsewhere/wx-soter.loader.js">';
  const { settle, pageErrors } = await open(t, addPage({ head: clobber + tag('data-modes="facial"') }));
  assert.deepEqual((await settle('checkIsSupportSoterAuthentication')).result.supportMode, ['facial']);
  assert.deepEqual(
    pageErrors.filter(text => !/404/.test(text)),
    [],
  );
});

test('where no tag can be told the console says that its attributes are not read', async t => {
  const prepare = () => {
    globalThis.warnings = [];
    console.warn = (...words) => warnings.push(words.join(' '));
  };
  const head = `<script type="module">import '/pkg/dist/wx-soter.global.js'</script>`;
  const { page, settle } = await open(t, addPage({ head }), { prepare });
  await page.waitForFunction(() => globalThis.WxSoter);
  const warnings = await page.evaluate(() => globalThis.warnings);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /data-\* attributes are not read: call WxSoter\.configure/);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('deferred, asynchronous and added by a script, it works too', async t => {
  const src = `/pkg/dist/${script}`;
  const append = addScript(`document.head.append(Object.assign(document.createElement('script'), { src: '${src}' }))`);
  for (const head of [tag('defer'), tag('async'), `<script src="${append}"></script>`]) {
    const { page, settle } = await open(t, addPage({ head }));
    await page.waitForFunction(() => globalThis.WxSoter);
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0, head);
  }
});

test('nothing in the script makes code or markup of text', async () => {
  const code = await readFile(new URL(`../../pkg/dist/${script}`, import.meta.url), 'utf8');
  const makers = /\beval\(|new Function\b|\bimport\(|\.(inner|outer)HTML|insertAdjacentHTML|document\.write|srcdoc/g;
  assert.deepEqual(code.match(makers), null);
});
