// Pages that are in the way without meaning it: names of their own, odd options, storages of their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage, addScript, tag } from './site.mjs';

test('a challenge that is far too long is refused, whatever its length', async t => {
  const { page } = await open(t, addPage());
  const codes = await page.evaluate(async () => {
    const codes = [];
    // The last cannot even be joined to another text.
    for (const length of [513, 65_537, 1_000_000, 2 ** 29 - 24]) {
      codes.push((await settle(wx.startSoterAuthentication({ challenge: 'x'.repeat(length) }))).result.errCode);
    }
    return codes;
  });
  assert.deepEqual(codes, [90004, 90004, 90004, 90004]);
});

test('lists within lists are named as what they are', async t => {
  const { page } = await open(t, addPage());
  const { result } = await page.evaluate(() => {
    const modes = [];
    modes.push(modes);
    return settle(wx.startSoterAuthentication({ requestAuthModes: modes }));
  });
  assert.equal(result.errCode, 90003);
  assert.match(result.errMsg, /parameter\.requestAuthModes\[0\] should be String instead of Array;$/);
});

test('a list whose length is no number tells of nothing else', async t => {
  const { page } = await open(t, addPage());
  const { result } = await page.evaluate(() => {
    const smuggled = ['0', '0', '', 'authContent', 's', 'String', '43', '0', 'x', ''].join('\0');
    const modes = new Proxy(['fingerPrint'], { get: (list, name) => (name === 'length' ? smuggled : list[name]) });
    return settle(wx.startSoterAuthentication({ requestAuthModes: modes }));
  });
  assert.equal(result.errCode, 90003);
});

test('options that cannot be looked at settle the call, and leave others alone', async t => {
  const { page, tell } = await open(t, addPage(), { authenticator: { automaticPresenceSimulation: false } });
  const outcomes = await page.evaluate(async () => {
    const first = settle(wx.startSoterAuthentication({ challenge: 'c' }));
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const second = await settle(wx.checkIsSoterEnrolledInDevice(proxy));
    return [second.result.errCode, await Promise.race([first, 'still open'])];
  });
  assert.equal(outcomes[1], 'still open');
  assert.equal(outcomes[0], 90003);
  await tell('setAutomaticPresenceSimulation', { enabled: true });
});

test("a page's own origin does not stand in for the browser's", async t => {
  for (const origin of ['Beijing', 'https://api.example', 'null']) {
    const script = addScript(`var origin = '${origin}'`);
    const { settle } = await open(t, addPage({ head: `<script src="${script}"></script>${tag()}` }));
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0, origin);
  }
});

test('elements whose ids are our names are no copy of ours', async t => {
  const { page } = await open(t, addPage({ head: '', body: `<i id="wx"></i><i id="WxSoter"></i>${tag()}` }));
  const found = await page.evaluate(() => [typeof wx.startSoterAuthentication, typeof WxSoter.createWx]);
  assert.deepEqual(found, ['function', 'function']);
});

test('who sets a wx that throws when it is looked at does not notice', async t => {
  const { page } = await open(t, addPage());
  const outcome = await page.evaluate(() => {
    try {
      globalThis.wx = new Proxy(
        {},
        {
          get: () => {
            throw new Error('mine');
          },
        },
      );
      return 'set';
    } catch (error) {
      return error.message;
    }
  });
  assert.equal(outcome, 'set');
});

test('a call that waits for the module ends at its deadline', async t => {
  const head = `<script type="module">import * as slim from '/pkg/dist/slim.js'; globalThis.slim = slim</script>`;
  const { page } = await open(t, addPage({ head }));
  await page.waitForFunction(() => globalThis.slim);
  const { result } = await page.evaluate(() => {
    slim.init(new Promise(() => {}));
    return settle(slim.createWx({ timeout: 200 }).startSoterAuthentication({ challenge: 'c' }));
  });
  assert.deepEqual([result.errCode, result.reason, result.errMsg], [90007, 'timeout', 'startSoterAuthentication:fail timeout']);
});

test("keys are kept in the page's own storage, and found there again", async t => {
  const { page } = await open(t, addPage());
  const seen = await page.evaluate(async () => {
    const kept = new Map();
    const asked = [];
    for (const method of ['create', 'get']) {
      const real = navigator.credentials[method];
      navigator.credentials[method] = (...given) => (asked.push(method), real.apply(navigator.credentials, given));
    }
    const start = () => {
      // Another object each time, since what is kept must not be kept by wx-soter.
      const storage = { getItem: name => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
      return settle(WxSoter.createWx({ storage, prompt: 'none' }).startSoterAuthentication());
    };
    const ended = [await start(), await start()];
    return { codes: ended.map(({ result }) => result.errCode), asked, kept: kept.size, local: localStorage.length };
  });
  assert.deepEqual(seen, { codes: [0, 0], asked: ['create', 'get'], kept: 1, local: 0 });
});

test('a damaged record counts as no key', async t => {
  const { page, settle } = await open(t, addPage());
  await settle('startSoterAuthentication');
  await page.evaluate(() => {
    const [name] = Object.keys(localStorage);
    localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), id: '***' }));
  });
  assert.equal((await settle('startSoterAuthentication')).result.errCode, 0);
});

test('a key with which another tab has healed is not overwritten by a refusal', async t => {
  const { page, settle } = await open(t, addPage());
  await settle('startSoterAuthentication');
  const kept = await page.evaluate(async () => {
    const [name] = Object.keys(localStorage);
    const record = JSON.parse(localStorage.getItem(name));
    let refuse;
    navigator.credentials.get = () => new Promise((_, reject) => (refuse = reject));
    const refused = settle(wx.startSoterAuthentication());
    localStorage.setItem(name, JSON.stringify({ ...record, id: 'QUJD' }));
    refuse(new DOMException('no', 'NotAllowedError'));
    await refused;
    return JSON.parse(localStorage.getItem(name)).id;
  });
  assert.equal(kept, 'QUJD');
});

test('what one storage did not take is not for another', async t => {
  const { page } = await open(t, addPage());
  const counts = await page.evaluate(async () => {
    const full = {
      getItem: () => null,
      setItem() {
        throw new Error('full');
      },
    };
    const ours = WxSoter.createWx({ storage: full, prompt: 'none' });
    const before = localStorage.length;
    await settle(ours.startSoterAuthentication());
    const after = localStorage.length;
    await settle(wx.startSoterAuthentication());
    return [before, after, localStorage.length];
  });
  assert.deepEqual(counts, [0, 0, 1]);
});

test('the request for a signature leaves within the call, and asks for what it should', async t => {
  const { page, settle } = await open(t, addPage());
  await settle('startSoterAuthentication');
  const asked = await page.evaluate(async () => {
    const { credentials } = navigator;
    const real = credentials.get.bind(credentials);
    let asked;
    credentials.get = options => {
      asked = options.publicKey;
      return real(options);
    };
    const settled = settle(wx.startSoterAuthentication({ challenge: 'c' }));
    const { hints, timeout, userVerification, rpId, allowCredentials } = asked || {};
    await settled;
    return { hints, timeout, userVerification, rpId, transports: allowCredentials?.[0].transports };
  });
  assert.deepEqual(asked, {
    hints: ['client-device'],
    timeout: 65_000,
    userVerification: 'required',
    rpId: 'localhost',
    transports: ['internal'],
  });
});

test('every data attribute is a setting', async t => {
  const attributes =
    'data-rp-id="localhost" data-rp-name="Shop" data-user-id="u" data-user-name="ann" data-user-display-name="Ann" ' +
    'data-authenticators="any" data-lang="zh-TW"';
  const { page } = await open(t, addPage({ head: tag(attributes) }));
  const { asked, lang } = await page.evaluate(async () => {
    const { credentials } = navigator;
    const real = credentials.create.bind(credentials);
    let asked;
    let lang;
    credentials.create = ({ publicKey, ...rest }) => {
      lang = document.querySelector('wx-soter-prompt').shadowRoot.querySelector('dialog').lang;
      const { rp, user, authenticatorSelection } = publicKey;
      asked = { rp, name: user.name, displayName: user.displayName, attachment: authenticatorSelection.authenticatorAttachment };
      return real({ publicKey, ...rest });
    };
    await settle(wx.startSoterAuthentication());
    return { asked: JSON.parse(JSON.stringify(asked)), lang };
  });
  assert.deepEqual(asked, { rp: { id: 'localhost', name: 'Shop' }, name: 'ann', displayName: 'Ann' });
  assert.equal(lang, 'zh-Hant');
});

test('a report that fails stops nothing', async t => {
  const { page } = await open(t, addPage());
  const events = await page.evaluate(
    () =>
      new Promise(resolve => {
        const events = [];
        globalThis.reportError = () => {
          throw new Error('no report');
        };
        wx.checkIsSupportSoterAuthentication({
          success() {
            events.push('success');
            throw new Error('mine');
          },
          complete() {
            events.push('complete');
            resolve(events);
          },
        });
      }),
  );
  assert.deepEqual(events, ['success', 'complete']);
});

test('without reportError, what a callback throws is said in the console', async t => {
  const { page, pageErrors } = await open(t, addPage());
  await page.evaluate(
    () =>
      new Promise(resolve => {
        delete globalThis.reportError;
        wx.checkIsSupportSoterAuthentication({
          success() {
            throw new Error('thrown by the page');
          },
          complete: resolve,
        });
      }),
  );
  assert.ok(
    pageErrors.some(text => text.includes('thrown by the page')),
    pageErrors.join('\n'),
  );
});
