// The default dialog: for keyboards and screen readers, and gone when the call settles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium-full.mjs';
import { addPage } from './site.mjs';

const PENDING = { automaticPresenceSimulation: false };
const body = '<button id="go">Go</button><input id="field"><a href="#" id="link">Link</a>';

/** A page whose authenticator waits, with the dialog open. */
const openDialog = async (
  t,
  { settings = {}, call = { challenge: 'c', authContent: 'Pay 12.00' }, page: about = {}, ...options } = {},
) => {
  const opened = await open(t, addPage({ body, ...about }), { authenticator: PENDING, ...options });
  const { page } = opened;
  await page.evaluate(
    ([settings, call]) => {
      globalThis.ours = WxSoter.createWx(settings);
      document.getElementById('go').onclick = () => (globalThis.ended = settle(ours.startSoterAuthentication(call)));
    },
    [settings, call],
  );
  await page.focus('#go');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return { ...opened, dialog, ended: () => page.evaluate(() => ended) };
};

const focusedInDialog = page =>
  page.evaluate(() => {
    const host = document.querySelector('wx-soter-prompt');
    return document.activeElement === host ? host.shadowRoot.activeElement.textContent : document.activeElement.tagName;
  });

test('a screen reader hears what it is, what for, and what can be done', async t => {
  const { cdp } = await openDialog(t);
  const { nodes } = await cdp.send('Accessibility.getFullAXTree');
  const dialog = nodes.find(({ role, ignored }) => !ignored && role?.value === 'dialog');
  assert.equal(dialog.name.value, 'Verify it’s you');
  assert.equal(dialog.description.value, 'Pay 12.00 Follow the steps on your device.');
  assert.equal(dialog.properties.find(({ name }) => name === 'modal').value.value, true);
  const seen = nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => `${role?.value}: ${name?.value}`);
  assert.ok(seen.includes('heading: Verify it’s you'), seen.join('\n'));
  assert.ok(seen.includes('button: Cancel'));
  // Modal: the page behind is not there for it, and neither is the button that is not needed now, nor the picture.
  for (const hidden of ['button: Go', 'link: Link', 'button: Continue', 'image: ', 'img: '])
    assert.ok(!seen.includes(hidden), hidden);
});

test('the focus is in the dialog, stays there, and goes back where it was', async t => {
  const { page, ended } = await openDialog(t);
  assert.equal(await focusedInDialog(page), 'Verify it’s you');
  const been = new Set();
  for (let press = 0; press < 6; press += 1) {
    await page.keyboard.press(press < 3 ? 'Tab' : 'Shift+Tab');
    been.add(await focusedInDialog(page));
  }
  assert.deepEqual([...been], ['Cancel']);
  await page.keyboard.press('Escape');
  await ended();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'go');
});

test('Escape cancels', async t => {
  const { page, ended } = await openDialog(t);
  await page.keyboard.press('Escape');
  const { succeeded, result } = await ended();
  assert.deepEqual(
    [succeeded, result.errCode, result.errMsg, result.reason],
    [false, 90008, 'startSoterAuthentication:fail cancel', 'cancelled'],
  );
  assert.equal(await page.locator('wx-soter-prompt').count(), 0);
});

test('the Cancel button cancels, by keyboard and by pointer, and the next call works', async t => {
  for (const how of ['keyboard', 'pointer']) {
    const { page, dialog, ended, tell } = await openDialog(t);
    const cancel = dialog.getByRole('button', { name: 'Cancel' });
    if (how === 'pointer') await cancel.click();
    else {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    }
    assert.deepEqual([(await ended()).result.reason, await page.locator('wx-soter-prompt').count()], ['cancelled', 0], how);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'go');
    await tell('setAutomaticPresenceSimulation', { enabled: true });
    await page.click('#go');
    assert.equal((await ended()).result.errCode, 0, how);
  }
});

test('the key or the click that called does not cancel', async t => {
  const { page, dialog } = await openDialog(t);
  // A key that is still held down repeats.
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await page.keyboard.press('Space');
  await page.mouse.click(5, 5);
  assert.equal(await dialog.isVisible(), true);
});

test('it is gone when the call times out', async t => {
  const { page, ended } = await openDialog(t, { settings: { timeout: 400 } });
  const { result } = await ended();
  assert.deepEqual([result.errCode, result.errMsg, result.reason], [90007, 'startSoterAuthentication:fail timeout', 'timeout']);
  assert.equal(await page.locator('wx-soter-prompt').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'go');
});

test('it was there and is gone when the call succeeds', async t => {
  const { page, settle } = await open(t, addPage());
  await page.evaluate(() => {
    globalThis.came = 0;
    const look = records =>
      records.forEach(({ addedNodes }) => addedNodes.forEach(({ localName }) => (came += localName === 'wx-soter-prompt')));
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  assert.deepEqual([await page.evaluate(() => came), await page.locator('wx-soter-prompt').count()], [1, 0]);
});

test('the content is text, never markup', async t => {
  const authContent = '<img src=x onerror=alert(1)> & <b>x';
  const { page, dialog, pageErrors } = await openDialog(t, { call: { authContent } });
  assert.ok((await dialog.innerText()).includes(authContent));
  assert.equal(
    await page.evaluate(() => document.querySelector('wx-soter-prompt').shadowRoot.querySelectorAll('img, b').length),
    0,
  );
  assert.deepEqual(pageErrors, []);
});

test('a prompt of none leaves the page as it is', async t => {
  const { page, tell } = await open(t, addPage({ body }), { authenticator: PENDING });
  const before = await page.content();
  await page.evaluate(() => {
    globalThis.ended = settle(WxSoter.createWx({ prompt: 'none', timeout: 300 }).startSoterAuthentication({ challenge: 'c' }));
  });
  assert.equal(await page.content(), before);
  assert.equal((await page.evaluate(() => ended)).result.reason, 'timeout');
  assert.equal(await page.content(), before);
  await tell('setAutomaticPresenceSimulation', { enabled: true });
  assert.equal(
    (await page.evaluate(() => settle(WxSoter.createWx({ prompt: 'none' }).startSoterAuthentication()))).result.errCode,
    0,
  );
});

test('a function of the page is the prompt: told all it needs, and when to go', async t => {
  const { page } = await open(t, addPage({ body }), { authenticator: PENDING });
  const seen = await page.evaluate(async () => {
    let request;
    const wx = WxSoter.createWx({ lang: 'zh-TW', prompt: it => void (request = it) });
    const call = settle(wx.startSoterAuthentication({ authContent: '付款', requestAuthModes: ['facial'] }));
    const { authContent, authMode, lang, signal } = request;
    const before = [authContent, authMode, lang, signal.aborted, document.querySelectorAll('wx-soter-prompt').length];
    request.cancel();
    return { before, reason: (await call).result.reason, after: signal.aborted };
  });
  assert.deepEqual(seen, { before: ['付款', 'facial', 'zh-TW', false, 0], reason: 'cancelled', after: true });
});

test('a prompt that throws, or rejects, fails the call and stops the ceremony', async t => {
  const { page, settle, tell } = await open(t, addPage(), { authenticator: PENDING });
  const results = await page.evaluate(async () => {
    const prompts = [
      () => {
        throw new Error('no room');
      },
      () => Promise.reject(new Error('no room')),
    ];
    const results = [];
    for (const prompt of prompts) results.push((await settle(WxSoter.createWx({ prompt }).startSoterAuthentication())).result);
    return results;
  });
  for (const { errCode, reason, detail } of results) {
    assert.deepEqual([errCode, reason], [90007, 'internal']);
    assert.match(detail, /no room/);
  }
  await tell('setAutomaticPresenceSimulation', { enabled: true });
  assert.equal((await settle('startSoterAuthentication')).result.errCode, 0);
});
