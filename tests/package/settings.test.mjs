// Settings that are wrong, or that do not exist, are refused where they are given: no call is needed to find out, no module
// starts for it, and nothing of a page is touched.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWx, install } from '../../pkg/dist/index.js';
import { open } from './browser.mjs';
import { addPage, tag } from './site.mjs';

const refusal = action => {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return error.message;
  }
  assert.fail('it was accepted');
};

/** Settings, and what is said of them behind the name of the function. */
const WRONG = [
  [7, 'the settings should be an object'],
  ['wechat', 'the settings should be an object'],
  [[], 'the settings should be an object'],
  [() => {}, 'the settings should be an object'],
  [{ onKeyCreate: () => {} }, 'there is no setting onKeyCreate; did you mean onKeyCreated?'],
  [{ timout: 1000 }, 'there is no setting timout; did you mean timeout?'],
  [{ rpID: 'shop.example' }, 'there is no setting rpID; did you mean rpId?'],
  [{ storge: undefined }, 'there is no setting storge; did you mean storage?'],
  [{ mode: ['facial'] }, 'there is no setting mode; did you mean modes?'],
  [{ userId: 'ann' }, 'there is no setting userId; did you mean user?'],
  [{ ONKEYCREATED: 1 }, 'there is no setting ONKEYCREATED; did you mean onKeyCreated?'],
  [{ challenge: 'c' }, 'there is no setting challenge'],
  [{ [`timeout${'x'.repeat(100_000)}`]: 1 }, `there is no setting timeout${'x'.repeat(100_000)}`],
  [{ '': 1 }, 'there is no setting '],
  [{ user: { nmae: 'Ann' } }, 'there is no setting user.nmae; did you mean user.name?'],
  [{ user: { displayname: 'Ann' } }, 'there is no setting user.displayname; did you mean user.displayName?'],
  [{ user: { account: 'Ann' } }, 'there is no setting user.account'],
  [{ user: 'ann' }, 'user should be an object'],
  [{ user: null }, 'user should be an object'],
  [{ user: ['ann'] }, 'user should be an object'],
  [{ user: { id: 7 } }, 'user.id should be a string'],
  [{ user: { id: null } }, 'user.id should be a string'],
  [{ user: { id: '' } }, 'user.id should be a string that is not empty'],
  [{ user: { name: 7 } }, 'user.name should be a string'],
  [{ user: { displayName: {} } }, 'user.displayName should be a string'],
  ...[1, null, '', '*', 'shop..example', '127.0.0.1', '[::1]', 'a b'].map(rpId => [
    { rpId },
    "rpId should be a domain, such as 'shop.example'",
  ]),
  ...[
    ['http://localhost:3130', 'localhost'],
    ['https://shop.example/', 'shop.example'],
    ['shop.example:443', 'shop.example'],
    ['shop.example/', 'shop.example'],
    ['Shop.Example', 'shop.example'],
    ['例子.中国', 'xn--fsqu00a.xn--fiqs8s'],
  ].map(([rpId, meant]) => [{ rpId }, `rpId should be a domain, such as 'shop.example'; did you mean '${meant}'?`]),
  [{ rpName: null }, 'rpName should be a string'],
  [{ lang: ['zh'] }, 'lang should be a string'],
  [{ authenticators: 'usb' }, "authenticators should be one of 'platform', 'any'"],
  [{ modes: 'facial' }, "modes should be a non-empty array of 'fingerPrint', 'facial', 'speech'"],
  [{ modes: [] }, "modes should be a non-empty array of 'fingerPrint', 'facial', 'speech'"],
  [{ modes: ['iris'] }, "modes should be a non-empty array of 'fingerPrint', 'facial', 'speech', not 'iris'"],
  [
    { modes: ['facial', 'fingerprint'] },
    "modes should be a non-empty array of 'fingerPrint', 'facial', 'speech', not 'fingerprint'; did you mean 'fingerPrint'?",
  ],
  [{ modes: [, 'facial'] }, "modes should be a non-empty array of 'fingerPrint', 'facial', 'speech'"],
  [{ timeout: 0 }, 'timeout should be a number of milliseconds, at least 1'],
  [{ timeout: -1 }, 'timeout should be a number of milliseconds, at least 1'],
  [{ timeout: '9' }, 'timeout should be a number of milliseconds, at least 1'],
  [{ timeout: NaN }, 'timeout should be a number of milliseconds, at least 1'],
  [{ timeout: 2 ** 31 }, 'timeout should be a number of milliseconds, at least 1'],
  [{ prompt: 'popup' }, "prompt should be a function or one of 'dialog', 'none'"],
  [{ prompt: null }, "prompt should be a function or one of 'dialog', 'none'"],
  [{ storage: {} }, 'storage should be an object with getItem and setItem'],
  [{ storage: null }, 'storage should be an object with getItem and setItem'],
  [{ onKeyCreated: 'f' }, 'onKeyCreated should be a function'],
  [{ dialect: 'qq' }, "dialect should be one of 'any', 'wechat', 'tcmpp'"],
];

test('createWx and install refuse them at once, by name', () => {
  for (const [settings, words] of WRONG) {
    assert.equal(
      refusal(() => createWx(settings)),
      `createWx: ${words}`,
    );
    const target = {};
    assert.equal(
      refusal(() => install(target, settings)),
      `install: ${words}`,
    );
    assert.deepEqual(target, {});
  }
});

test('override is for install alone, and true or false', () => {
  assert.equal(
    refusal(() => createWx({ override: true })),
    'createWx: there is no setting override',
  );
  assert.equal(
    refusal(() => install({}, { overide: true })),
    'install: there is no setting overide; did you mean override?',
  );
  for (const override of [1, 'true', null]) {
    assert.equal(
      refusal(() => install({}, { override })),
      'install: override should be true or false',
    );
  }
  for (const override of [undefined, false, true]) assert.ok(install({ canIUse: 0 }, { override }).canIUse);
});

test('what is right is taken, and so is nothing at all', async () => {
  const storage = { getItem: () => null, setItem() {} };
  for (const settings of [
    undefined,
    null,
    {},
    {
      rpId: 'shop.example',
      rpName: 'Shop',
      user: { id: '号'.repeat(21), name: 'ann', displayName: 'Ann' },
      authenticators: 'any',
      modes: ['speech', 'facial'],
      timeout: 0.5 + 1,
      prompt: 'none',
      lang: 'zh-CN',
      storage,
      onKeyCreated() {},
      dialect: 'tcmpp',
    },
    { rpId: undefined, user: undefined, modes: undefined, timeout: undefined, prompt: undefined, storage: undefined },
    { user: {}, prompt: 'dialog', storage: Object.create(storage), timeout: 2 ** 31 - 1 },
    { user: { id: undefined }, prompt: () => {} },
    ...['localhost', 'localhost.', 'xn--fsqu00a.xn--fiqs8s', '127-0-0-1.shop.example'].map(rpId => ({ rpId })),
    Object.assign(Object.create(null), { lang: 'en' }),
  ]) {
    for (const wx of [createWx(settings), install({}, settings)]) {
      const { reason } = await wx.checkIsSupportSoterAuthentication().catch(error => error);
      assert.equal(reason, 'no-webauthn', 'the module found nothing wrong');
    }
  }
});

test('settings are looked at and kept in one reading', async () => {
  let reads = 0;
  const settings = {
    get timeout() {
      reads += 1;
      return reads === 1 ? 1000 : 'changed';
    },
  };
  const { reason } = await createWx(settings)
    .startSoterAuthentication()
    .catch(error => error);
  assert.deepEqual([reads, reason], [1, 'no-webauthn']);
});

test('nothing of the page is touched to find out, and no module starts', () => {
  const touched = [];
  const names = ['WebAssembly', 'window', 'document', 'navigator', 'localStorage', 'crypto', 'fetch'];
  const real = names.map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const name of names) {
    Object.defineProperty(globalThis, name, { configurable: true, get: () => void touched.push(name) });
  }
  const words = [refusal(() => createWx({ timout: 1 })), refusal(() => install({}, { timeout: 'soon' }))];
  createWx({ user: { id: 'ann' } });
  for (const [name, descriptor] of real) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else delete globalThis[name];
  }
  assert.deepEqual(touched, []);
  assert.match(words.join(), /timout.*timeout.*milliseconds/);
});

test('in a page the plain script refuses them as well', async t => {
  const { page, pageErrors } = await open(t, addPage());
  const told = await page.evaluate(() =>
    [() => WxSoter.createWx({ timout: 1 }), () => WxSoter.install({}, { user: { nmae: 'Ann' } })].map(action => {
      try {
        return String(action());
      } catch (error) {
        return String(error);
      }
    }),
  );
  assert.deepEqual(told, [
    'TypeError: createWx: there is no setting timout; did you mean timeout?',
    'TypeError: install: there is no setting user.nmae; did you mean user.name?',
  ]);
  assert.deepEqual(pageErrors, []);
});

/** Wrong attributes, and what is said of them. */
const ATTRIBUTES = {
  'data-timeout="soon"': 'timeout should be a number of milliseconds, at least 1',
  'data-modes="finger"': "modes should be a non-empty array of 'fingerPrint', 'facial', 'speech', not 'finger'",
  'data-prompt="popup"': "prompt should be a function or one of 'dialog', 'none'",
  'data-dialect="qq"': "dialect should be one of 'any', 'wechat', 'tcmpp'",
  'data-authenticators="usb"': "authenticators should be one of 'platform', 'any'",
};

for (const [attribute, words] of Object.entries(ATTRIBUTES)) {
  test(`${attribute} breaks no page: it is reported at once, and said by each call`, async t => {
    const { page, settle, record, pageErrors } = await open(t, addPage({ head: tag(attribute) }));
    const told = `the script tag of wx-soter: ${words}`;
    assert.deepEqual(pageErrors, [`TypeError: ${told}`]);
    for (const api of ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice']) {
      const { succeeded, isError, message, result } = await settle(api);
      assert.deepEqual([succeeded, isError, message], [false, true, `${api}:fail internal error`]);
      assert.deepEqual([result.errCode, result.reason, result.detail, result.errMsg], [90007, 'internal', told, message]);
      assert.deepEqual((await record(api)).events, ['returned a promise', 'fail', 'complete', 'rejected']);
    }
    // The rest of the script is as it was.
    const { result } = await page.evaluate(() => settle(WxSoter.createWx().startSoterAuthentication({ challenge: 'c' })));
    assert.equal(result.errCode, 0);
    assert.equal(pageErrors.length, 1);
    // And who says what is right has it right.
    await page.evaluate(() => WxSoter.configure({ user: { id: 'ann' } }));
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
  });
}

test('without reportError a wrong attribute is said on the console', async t => {
  const prepare = () => delete globalThis.reportError;
  const { settle, pageErrors } = await open(t, addPage({ head: tag('data-timeout="soon"') }), { prepare });
  assert.equal(pageErrors.length, 1);
  assert.match(pageErrors[0], /the script tag of wx-soter: timeout should be/);
  assert.equal((await settle('checkIsSupportSoterAuthentication')).result.errCode, 90007);
});

test("others' attributes are theirs, and only what looks like one of ours is warned of", async t => {
  const others =
    'data-cfasync="false" data-rocketloader data-turbo-track="reload" data-main="app" data-id="7" data-name="x" data-api="y" data-n-head="ssr" data-pagespeed-no-defer data-nscript="beforeInteractive" data-domain="shop.example"';
  const { settle, pageErrors } = await open(t, addPage({ head: tag(others) }));
  assert.deepEqual(pageErrors, []);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);

  const slips = 'data-time-out="5" data-rpid="x" data-user-nmae="Ann" data-lang="en"';
  const warned = await open(t, addPage({ head: tag(slips) }));
  assert.deepEqual(warned.pageErrors.sort(), [
    'wx-soter: there is no attribute data-rpid; did you mean data-rp-id?',
    'wx-soter: there is no attribute data-time-out; did you mean data-timeout?',
    'wx-soter: there is no attribute data-user-nmae; did you mean data-user-name?',
  ]);
  assert.equal((await warned.settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('an attribute with nothing in it is none', async t => {
  const empty =
    'data-user-id data-timeout="" data-dialect="" data-authenticators="" data-modes="" data-rp-id="" data-prompt="" data-lang=""';
  const { settle, pageErrors } = await open(t, addPage({ head: tag(empty) }));
  const { result } = await settle('startSoterAuthentication', { challenge: 'c' });
  assert.equal(result.errCode, 0, result.detail);
  assert.deepEqual(pageErrors, []);
});

test('settings may be members of a class', async t => {
  const { page } = await open(t, addPage());
  const names = await page.evaluate(async () => {
    class User {
      #id;
      constructor(id) {
        this.#id = id;
      }
      get id() {
        return this.#id;
      }
    }
    for (const id of ['ann', 'bob']) await WxSoter.createWx({ user: new User(id) }).startSoterAuthentication();
    return Object.keys(localStorage).sort();
  });
  assert.deepEqual(names, ['wx-soter:localhost:ann', 'wx-soter:localhost:bob']);
});
