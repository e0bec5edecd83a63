// The demo page, as a person meets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium-full.mjs';
import { at } from './site.mjs';

const DEMO = at('localhost', '/');

const openDemo = async (t, options = {}, query = '') => {
  const opened = await open(t, DEMO + query, options);
  await opened.page.locator('#status .message').waitFor();
  return opened;
};

const assertClean = async ({ pageErrors, violations }) => {
  assert.deepEqual(pageErrors, []);
  assert.deepEqual(await violations(), []);
};

/** By keyboard alone: Tab until the element has the focus. */
const tabTo = async (page, id) => {
  for (let press = 0; press < 40; press += 1) {
    if ((await page.evaluate(() => document.activeElement.id)) === id) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`no way to #${id} by keyboard`);
};

test('it says what the device can do, without a complaint', async t => {
  const opened = await openDemo(t);
  await opened.page.locator('#status .message.good').waitFor();
  assert.match(await opened.page.locator('#status .facts').innerText(), /fingerPrint facial/);
  await assertClean(opened);
});

test('authenticating by keyboard shows the outcome, the result taken apart and the log', async t => {
  const opened = await openDemo(t);
  const { page } = opened;
  await tabTo(page, 'challenge');
  const challenge = 'typed by hand';
  await page.keyboard.press('Control+A');
  await page.keyboard.type(challenge);
  await tabTo(page, 'start');
  await page.keyboard.press('Enter');
  await page.locator('#outcome .message.good').waitFor();
  const result = await page.locator('#result').innerText();
  for (const part of ['startSoterAuthentication:ok', challenge, 'webauthn.get', DEMO.replace(/\/$/, '')])
    assert.ok(result.includes(part), part);
  const byte = await page.locator('#result .byte').getAttribute('aria-label');
  assert.match(byte, /0x05/);
  const log = await page.locator('#log > li').first().innerText();
  assert.match(log, /startSoterAuthentication/);
  assert.match(log, /success[\s\S]*complete/);
  assert.equal(await page.getByRole('dialog').count(), 0);
  await assertClean(opened);
});

test('served without a backend it says that no server checks the result', async t => {
  const { page } = await openDemo(t);
  const said = () => page.locator('#verdict').innerText();
  assert.match(await said(), /without a server/);
  await page.click('#start');
  await page.locator('#outcome .message.good').waitFor();
  assert.match(await said(), /without a server/);
  assert.equal(await page.locator('#cheats').isVisible(), false);
});

/** What a page tells of the key of who is logged in; and has who is logged in authenticate, or somebody else log in. */
const accountsOf = page => ({
  key: () => page.locator('#key').innerText(),
  start: async () => {
    await page.click('#start');
    await page.locator('#outcome .message.good').waitFor();
    return page.locator('#outcome').innerText();
  },
  logIn: name => page.getByRole('radio', { name }).check(),
});

test('each account has a key of its own on this device, and gets it back', async t => {
  const opened = await openDemo(t);
  const { page, tell } = opened;
  const { key, start, logIn } = accountsOf(page);
  const keys = [];
  for (const [name, id] of [
    ['Ann', 'ann'],
    ['Bob', 'bob'],
  ]) {
    await logIn(name);
    assert.equal(await page.locator('#outcome .message').count(), 0);
    assert.match(await key(), new RegExp(`${name} has no key on this device`));
    assert.match(await page.locator('#snippet').innerText(), new RegExp(`user: { id: '${id}' }`));
    assert.match(await start(), new RegExp(`A new key was made for ${name}`));
    keys.push(await key());
    assert.ok((await page.locator('#result').innerText()).includes(await page.locator('#key code').innerText()));
    assert.doesNotMatch(await start(), /new key/);
  }
  assert.notEqual(keys[0].split(':')[1], keys[1].split(':')[1]);
  await logIn('Ann');
  assert.equal(await key(), keys[0]);
  assert.doesNotMatch(await start(), /new key/);
  assert.equal((await tell('getCredentials')).credentials.length, 2);
  await page.reload();
  await page.locator('#key code').waitFor();
  await logIn('Ann');
  assert.equal(await key(), keys[0], 'after a reload');
  await assertClean(opened);
});

for (const [where, options] of [
  ['in the browser’s storage', {}],
  [
    'where storage is denied',
    {
      prepare: () => {
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('no', 'SecurityError');
          },
        });
      },
    },
  ],
]) {
  test(`a key that is forgotten is replaced at the next use: ${where}`, async t => {
    const opened = await openDemo(t, options);
    const { page } = opened;
    const { key, start, logIn } = accountsOf(page);
    const forget = async said => {
      await page.click('#forget');
      await page.locator('#forgotten').getByText(said).waitFor();
    };
    await logIn('Bob');
    await start();
    const bobs = await key();
    await logIn('Ann');
    await forget('There was no key of Ann’s');
    await start();
    const before = await key();
    await forget('Forgotten. Authenticate again');
    assert.match(await key(), /Ann has no key/);
    assert.match(await start(), /A new key was made for Ann/);
    assert.notEqual(await key(), before);
    assert.equal(await page.locator('#forgotten').innerText(), '');
    await logIn('Bob');
    assert.equal(await key(), bobs, 'the other account’s is another matter');
    // There is none to forget anything.
    assert.equal(await page.locator('#forget-at-server').isVisible(), false);
    await assertClean(opened);
  });
}

test('what another tab does to a key is seen', async t => {
  const { page } = await openDemo(t);
  const { key, start } = accountsOf(page);
  const other = await page.context().newPage();
  await other.goto(DEMO);
  await other.locator('#key').getByText('Ann has no key').waitFor();
  // Browsers verify nobody for a page that is not in front.
  await page.bringToFront();
  await start();
  await other.bringToFront();
  await other.locator('#key code').waitFor();
  await other.click('#forget');
  await page.locator('#key').getByText('Ann has no key').waitFor();
  assert.match(await key(), /no key/);
});

/** What the page says of how it was loaded: files and moments, in their order. */
const loadingOf = async page => {
  await page.locator('#loading').getByText('first answer').waitFor();
  return page.locator('#loading li > :nth-child(2)').allInnerTexts();
};

test('it says which files came when: one script, or with ?loader a small one and the rest', async t => {
  const opened = await openDemo(t, {}, '?lang=en');
  const { page } = opened;
  assert.deepEqual(await loadingOf(page), ['wx-soter.global.js', 'the calls are there', 'first call', 'first answer']);
  await page.click('#other-way');
  await page.waitForURL(/lang=en.*loader/);
  await page.locator('#status .message.good').waitFor();
  const byLoader = await loadingOf(page);
  assert.deepEqual(byLoader.slice(0, 2), ['wx-soter.loader.js', 'the calls are there']);
  assert.deepEqual(byLoader.slice(2).sort(), ['core.js', 'core.wasm', 'first answer', 'first call']);
  for (const size of await page.locator('#loading .size').allInnerTexts()) assert.match(size, /^[1-9]\d* KB$/);
  assert.match(await page.locator('#loading-tag').innerText(), /<script src="wx-soter\.loader\.js">/);
  assert.match(await accountsOf(page).start(), /A new key was made for Ann/);
  await page.click('#other-way');
  await page.waitForURL(url => !url.search.includes('loader'));
  await page.locator('#status .message.good').waitFor();
  assert.ok((await loadingOf(page)).includes('wx-soter.global.js'));
  await assertClean(opened);
});

test('a script that fails to load is reported, and the rest of the loader, too', async t => {
  const { page } = await openDemo(t);
  await page.route(/wx-soter\.global\.js|core\.wasm/, route => route.abort());
  await page.reload();
  await page.locator('#status .message.bad').getByText('wx-soter did not load').waitFor();
  assert.equal(await page.locator('#start').isDisabled(), true);
  await page.click('#other-way');
  await page.locator('#status .message.bad').getByText('core.wasm').waitFor();
  await page.click('#start');
  await page.locator('#outcome .message.bad').getByText('core.wasm').waitFor();
  await page.click('#forget');
  await page.locator('#forgotten .message.bad').getByText('core.wasm').waitFor();
  assert.match(
    await page.locator('#forgotten').innerText(),
    /Something went wrong\s+The details below say what\.[\s\S]*core\.wasm/,
  );
});

test('cancelling is told as such', async t => {
  const { page } = await openDemo(t, { authenticator: { automaticPresenceSimulation: false } });
  await page.click('#start');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#outcome .message.bad').waitFor();
  assert.match(await page.locator('#outcome').innerText(), /90008[\s\S]*cancelled/);
  assert.equal(await page.getAttribute('#start', 'aria-busy'), 'false');
});

test('a device that cannot is told why, in words and in codes', async t => {
  const opened = await openDemo(t, { authenticator: null });
  const { page } = opened;
  await page.locator('#status .message.bad').waitFor();
  await page.click('#start');
  await page.locator('#outcome .message.bad').waitFor();
  for (const place of ['#status', '#outcome']) {
    const text = await page.locator(place).innerText();
    assert.match(text, /90001/);
    assert.match(text, /no-platform-authenticator/);
    assert.ok((await page.locator(`${place} .message .text`).innerText()).length > 30, 'a sentence that helps');
  }
  await assertClean(opened);
});

test('it speaks Chinese where the browser does, and can be told to', async t => {
  const { page } = await openDemo(t, { locale: 'zh-CN' });
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  const heading = () => page.locator('h1').innerText();
  assert.match(await heading(), /\p{Script=Han}/u);
  await page.click('#language');
  assert.doesNotMatch(await heading(), /\p{Script=Han}/u);
});

for (const colorScheme of ['light', 'dark']) {
  test(`it fits 320 px and can be read in ${colorScheme} mode, before and after a call`, async t => {
    const { page } = await openDemo(t, { colorScheme, reducedMotion: 'reduce', viewport: { width: 320, height: 640 } });
    const assertFits = async () => {
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
      assert.deepEqual(await page.evaluate(unreadable), []);
    };
    await assertFits();
    await page.click('#start');
    await page.locator('#outcome .message.good').waitFor();
    await assertFits();
    const background = await page.evaluate(() =>
      getComputedStyle(document.body)
        .backgroundColor.match(/[\d.]+/g)
        .map(Number),
    );
    assert.equal(background[0] < 128, colorScheme === 'dark');
  });
}

/** The texts whose contrast with a plain background behind them is under 4.5. */
const unreadable = () => {
  const parse = colour => {
    const numbers = colour.match(/[\d.]+/g).map(Number);
    return numbers.length < 4 ? [...numbers, 1] : numbers;
  };
  const part = value => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(element);
      if (backgroundImage !== 'none') return;
      if (parse(backgroundColor)[3] === 1) return parse(backgroundColor);
    }
    return [255, 255, 255];
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const background = behind(element);
    if (!walker.currentNode.data.trim() || !background || !element.checkVisibility()) continue;
    if (element.closest(':disabled, .unseen')) continue;
    const [dark, light] = [luminance(parse(getComputedStyle(element).color)), luminance(background)].sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) bad.push(`${walker.currentNode.data.trim()}: ${contrast.toFixed(2)}`);
  }
  return bad;
};

test('without an authenticator the emulator plays the whole flow, and is marked as one', async t => {
  const opened = await openDemo(t, { authenticator: null });
  const { page, pageErrors, violations } = opened;
  assert.equal(await page.locator('#emulator-banner').isVisible(), false);
  await page.getByRole('switch').click();
  await page.locator('#emulator-banner').waitFor();
  assert.match(await page.locator('#status').innerText(), /emulator is ready/);
  const sheet = page.locator('#sheet');
  const start = async () => {
    await page.click('#start');
    await sheet.waitFor();
  };
  const press = name => sheet.getByRole('button', { name }).click();

  await start();
  assert.match(await sheet.innerText(), /Pay 12.00/);
  await press('Wrong finger');
  assert.match(await sheet.innerText(), /attempt 2/);
  await press('Right finger');
  await page.locator('#outcome .message.warn').waitFor();
  assert.match(await page.locator('#outcome').innerText(), /nobody was verified/);
  assert.match(await page.locator('#result').innerText(), /emulator\.example/);
  assert.match(await page.locator('#snippet').innerText(), /wx-soter\/emulator/);

  await start();
  await press('Cancel');
  await page.locator('#outcome .message.bad').waitFor();
  assert.match(await page.locator('#outcome').innerText(), /90008[\s\S]*cancelled/);
  await start();
  await page.keyboard.press('Escape');
  await page.locator('#outcome .message.bad').waitFor();

  await start();
  await press('Walk away');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.locator('#outcome .message.bad').waitFor();

  for (const mode of ['fingerPrint', 'facial']) await page.locator(`#enrolment [value=${mode}]`).uncheck();
  await page.locator('#status').getByText('Nothing is enrolled').waitFor();
  await page.click('#start');
  await page.locator('#outcome').getByText('90011').waitFor();
  await page.locator('#enrolment [value=fingerPrint]').check();
  await page.locator('#status').getByText('emulator is ready').waitFor();

  const { key, logIn } = accountsOf(page);
  const keys = [];
  for (const name of ['Ann', 'Bob']) {
    await logIn(name);
    await start();
    await press('Right finger');
    await page.locator('#outcome .message.warn').waitFor();
    keys.push(await page.locator('#key code').innerText());
  }
  assert.notEqual(keys[0], keys[1]);
  await page.click('#forget');
  await page.locator('#forgotten').getByText('Forgotten').waitFor();
  assert.match(await key(), /Bob has no key/);
  await logIn('Ann');
  assert.ok((await key()).includes(keys[0]));

  await page.getByRole('switch').click();
  assert.equal(await page.locator('#emulator-banner').isVisible(), false);
  assert.deepEqual(
    pageErrors.filter(complaint => !/EMULATOR/.test(complaint)),
    [],
  );
  assert.deepEqual(await violations(), []);
});

test('a setting that is wrong is named, and those from before go on', async t => {
  const opened = await openDemo(t);
  const { page } = opened;
  await page.fill('#timeout', '-5');
  await page.locator('#timeout').blur();
  await page.locator('#settings-wrong', { hasText: 'timeout should be a number of milliseconds, at least 1' }).waitFor();
  await page.click('#start');
  await page.locator('#outcome .message.good').waitFor();
  await page.fill('#timeout', '5000');
  await page.locator('#timeout').blur();
  await page.locator('#settings-wrong').waitFor({ state: 'hidden' });
  await assertClean(opened);
});

test('with a setting that is wrong the emulator neither comes nor goes, so that nobody takes the one device for the other', async t => {
  const { page, pageErrors } = await openDemo(t);
  const [toggle, banner] = [page.getByRole('switch'), page.locator('#emulator-banner')];
  const setTimeout = async value => {
    await page.fill('#timeout', value);
    await page.locator('#timeout').blur();
  };
  const assertRefused = async emulating => {
    await toggle.click();
    // By then the emulator has been loaded, and refused.
    await page.locator('#settings-wrong', { hasText: emulating ? 'createWx' : 'createEmulator' }).waitFor();
    assert.equal(await toggle.isChecked(), emulating);
    assert.equal(await banner.isVisible(), emulating);
    assert.equal(await page.locator('#emulator').isVisible(), emulating);
  };
  await setTimeout('-5');
  await assertRefused(false);
  await page.click('#start');
  await page.locator('#outcome .message.good').waitFor();
  await setTimeout('');
  await toggle.click();
  await banner.waitFor();
  await setTimeout('-5');
  await assertRefused(true);
  await page.click('#start');
  await page.locator('#sheet').getByRole('button', { name: 'Right finger' }).click();
  await page.locator('#outcome').getByText('nobody was verified').waitFor();
  assert.deepEqual(
    pageErrors.filter(complaint => !/EMULATOR/.test(complaint)),
    [],
  );
});

test('after going back, the page starts afresh, whatever the browser would fill in again', async t => {
  const { page, pageErrors } = await openDemo(t);
  await page.getByRole('switch').click();
  await page.locator('#emulator-banner').waitFor();
  await page.fill('#timeout', '-5');
  await page.goto(at('localhost', '/pkg/package.json'));
  await page.goBack();
  await page.locator('#status .message.good').waitFor();
  assert.equal(await page.inputValue('#timeout'), '');
  assert.equal(await page.getByRole('switch').isChecked(), false);
  await page.click('#start');
  await page.locator('#outcome .message.good').waitFor();
  assert.deepEqual(
    pageErrors.filter(complaint => !/EMULATOR/.test(complaint)),
    [],
  );
});

/** The starts that the log has, newest first. */
const startsIn = page => page.locator('#log > li', { hasText: 'startSoterAuthentication' });

/** For pages whose browser waits for `held` before it answers. */
const holdAnswers = () => {
  globalThis.held = new Promise(go => {
    globalThis.letGo = go;
  });
};

const chooseNoPrompt = page => page.locator('[name=prompt][value=none]').check();

test('what is on the page goes with the account and with the device that it came from', async t => {
  const { page } = await openDemo(t);
  const { start, logIn } = accountsOf(page);
  const assertEmpty = async what => {
    assert.equal(await page.locator('#outcome .message').count(), 0, what);
    assert.match(await page.locator('#result').innerText(), /^Authenticate, and the signed result appears here/, what);
  };
  await start();
  await logIn('Bob');
  await assertEmpty('another account');
  await start();
  await page.getByRole('switch').click();
  await page.locator('#emulator-banner').waitFor();
  await assertEmpty('another device');
  await page.click('#start');
  await page.locator('#sheet').getByRole('button', { name: 'Right finger' }).click();
  await page.locator('#outcome .message.warn').waitFor();
  await page.getByRole('switch').click();
  await page.locator('#status .message.good').waitFor();
  await assertEmpty('this device again');
});

test('a check that ends after the switch to the emulator says nothing of it', async t => {
  const prepare = () => {
    const { isUserVerifyingPlatformAuthenticatorAvailable: ask } = PublicKeyCredential;
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = async () => {
      await globalThis.held;
      return ask.call(PublicKeyCredential);
    };
  };
  const { page } = await openDemo(t, { prepare });
  await page.click('#clear-log');
  await page.evaluate(holdAnswers);
  await page.click('#check-support');
  await page.getByRole('switch').click();
  await page.locator('#status').getByText('emulator is ready').waitFor();
  await page.evaluate(() => globalThis.letGo());
  const first = page.locator('#log > li').last();
  await first.getByText('complete', { exact: true }).waitFor();
  assert.match(await first.innerText(), /checkIsSupportSoterAuthentication/);
  assert.equal(await page.locator('#outcome .message').count(), 0);
});

test('the end of one account’s call leaves the other’s sheet and button alone', async t => {
  const { page } = await openDemo(t, { authenticator: null });
  await page.clock.install();
  await page.reload();
  await page.locator('#status .message').waitFor();
  await chooseNoPrompt(page);
  await page.getByRole('switch').click();
  await page.locator('#emulator-banner').waitFor();
  const sheet = page.locator('#sheet');
  const { logIn } = accountsOf(page);
  const busy = () => page.getAttribute('#start', 'aria-busy');
  await page.click('#start');
  await sheet.getByRole('button', { name: 'Walk away' }).click();
  assert.equal(await busy(), 'true');
  await logIn('Bob');
  assert.equal(await busy(), 'false', 'it is Ann who waits');
  await page.clock.fastForward(30_000);
  await page.click('#start');
  await sheet.waitFor();
  assert.equal(await busy(), 'true');
  await page.clock.fastForward(31_000);
  await startsIn(page).last().getByText('complete', { exact: true }).waitFor();
  assert.match(await startsIn(page).last().innerText(), /fail timeout/);
  assert.equal(await sheet.isVisible(), true);
  assert.equal(await busy(), 'true');
  await sheet.getByRole('button', { name: 'Right finger' }).click();
  await page.locator('#outcome .message.warn').waitFor();
  assert.equal(await busy(), 'false');
});

test('an emulator that fails to load is reported, this device goes on, and the next try may do', async t => {
  const { page } = await openDemo(t);
  const toggle = page.getByRole('switch');
  const file = /pkg\/dist\/emulator\.js/;
  await page.route(file, route => route.abort());
  for (let tries = 0; tries < 2; tries += 1) {
    await toggle.click();
    await page.locator('#emulator-wrong .message.bad').getByText('The emulator did not load').waitFor();
    assert.equal(await toggle.isChecked(), false);
    assert.equal(await page.locator('#emulator-banner').isVisible(), false);
  }
  await page.click('#language');
  assert.match(await page.locator('#emulator-wrong').innerText(), /\p{Script=Han}/u);
  await page.click('#language');
  assert.match(await accountsOf(page).start(), /Verified in/);
  await page.unroute(file);
  await toggle.click();
  await page.locator('#emulator-banner').waitFor();
  assert.equal(await page.locator('#emulator-wrong .message').count(), 0);
});

test('a key that is forgotten while it is asked makes no new one of itself', async t => {
  const prepare = () => {
    const { get } = navigator.credentials;
    navigator.credentials.get = async options => {
      const answer = await get.call(navigator.credentials, options);
      await globalThis.held;
      return answer;
    };
  };
  const { page } = await openDemo(t, { prepare });
  const { start } = accountsOf(page);
  await chooseNoPrompt(page);
  await start();
  await page.evaluate(holdAnswers);
  await page.click('#start');
  await page.click('#forget');
  await page.locator('#forgotten').getByText('Forgotten').waitFor();
  await page.evaluate(() => globalThis.letGo());
  await page.locator('#outcome .message.good').waitFor();
  assert.doesNotMatch(await page.locator('#outcome').innerText(), /new key/);
});

test('without a server nothing leaves the device, and it says so', async t => {
  const { page } = await openDemo(t);
  await page.locator('#stays').waitFor();
  assert.equal(await page.locator('#leaves').isVisible(), false);
});
