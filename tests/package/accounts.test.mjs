// Several accounts on one device, several devices of one account, and keys that a server does not know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium.mjs';
import { addPage, tag } from './site.mjs';

test('each account has a key of its own, and a handle that does not name it', async t => {
  const { page, tell } = await open(t, addPage());
  const results = await page.evaluate(async () => {
    const results = [];
    for (const id of ['ann', 'bob', 'ann', 'a much longer account id than any user handle may be, of more than 64 bytes']) {
      const told = [];
      const settings = { user: { id }, onKeyCreated: (registration, { uid }) => void told.push([registration.id, uid]) };
      const { resultJSON } = await WxSoter.createWx(settings).startSoterAuthentication({ challenge: 'c' });
      results.push({ id, told, ...JSON.parse(resultJSON) });
    }
    return results;
  });
  const [ann, bob, again, long] = results;
  assert.equal(again.cpu_id, ann.cpu_id);
  assert.deepEqual(again.told, []);
  assert.equal(new Set([ann, bob, long].map(({ cpu_id }) => cpu_id)).size, 3);
  for (const { told, cpu_id, uid, id } of [ann, bob, long]) {
    assert.deepEqual(told, [[cpu_id, uid]]);
    const handle = Buffer.from(uid, 'base64url');
    assert.equal(handle.length, 32);
    assert.ok(!handle.toString().includes(id));
  }
  assert.equal((await tell('getCredentials')).credentials.length, 3);
});

test('on platforms that keep one synced key a handle, no device replaces the key of another', async t => {
  const { page, tell } = await open(t, addPage(), { authenticator: { hasResidentKey: true } });
  const signed = await page.evaluate(async () => {
    const { credentials } = navigator;
    const create = credentials.create.bind(credentials);
    // As such platforms do, whatever they are asked for.
    credentials.create = options => {
      options.publicKey.authenticatorSelection.residentKey = 'required';
      return create(options);
    };
    const device = () => {
      const items = new Map();
      const storage = { getItem: name => items.get(name) ?? null, setItem: (name, item) => void items.set(name, item) };
      return WxSoter.createWx({ user: { id: 'ann' }, storage });
    };
    const devices = [device(), device()];
    const signed = [];
    for (let turn = 0; turn < 3; turn += 1) {
      for (const each of devices)
        signed.push(JSON.parse((await each.startSoterAuthentication({ challenge: 'c' })).resultJSON).cpu_id);
    }
    return signed;
  });
  assert.equal(new Set(signed).size, 2);
  assert.deepEqual(
    signed,
    [0, 1, 0, 1, 0, 1].map(device => signed[device]),
  );
  assert.equal((await tell('getCredentials')).credentials.length, 2);
});

test('a key that was made with the account for its handle goes on working', async t => {
  const { page, tell } = await open(t, addPage());
  const uid = Buffer.from('ann').toString('base64url');
  const results = await page.evaluate(async uid => {
    const ours = WxSoter.createWx({ user: { id: 'ann' } });
    await ours.startSoterAuthentication({ challenge: 'c' });
    const [name] = Object.keys(localStorage);
    // As it was remembered then.
    const { probes, replacements, ...record } = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify({ ...record, userHandle: uid }));
    const { resultJSON } = await ours.startSoterAuthentication({ challenge: 'c' });
    return JSON.parse(resultJSON);
  }, uid);
  assert.equal(results.uid, uid);
  assert.equal((await tell('getCredentials')).credentials.length, 1);
});

/** A page whose browser notes what it is told of keys that no server knows. */
const openNoting = (t, page) =>
  open(t, page, {
    prepare: () => {
      globalThis.signals = [];
      PublicKeyCredential.signalUnknownCredential = async signal => void signals.push(signal);
    },
  });

test('forgetKey forgets the key of its settings, and tells the platform', async t => {
  const { page, tell } = await openNoting(t, addPage());
  const seen = await page.evaluate(async () => {
    const made = [];
    const settings = id => ({ user: { id }, onKeyCreated: registration => void made.push(registration.id) });
    const start = id => WxSoter.createWx(settings(id)).startSoterAuthentication({ challenge: 'c' });
    for (const id of ['ann', 'bob']) await start(id);
    const forgotten = [await WxSoter.forgetKey(settings('ann')), await WxSoter.forgetKey(settings('ann'))];
    const kept = await WxSoter.forgetKey(settings('bob'), { signalUnknownCredential: false });
    for (const id of ['ann', 'ann', 'bob']) await start(id);
    return { made, forgotten, kept, signals };
  });
  assert.deepEqual([seen.forgotten, seen.kept], [[true, false], true]);
  assert.equal(seen.made.length, 4);
  assert.deepEqual(seen.signals, [{ rpId: 'localhost', credentialId: seen.made[0] }]);
  assert.equal((await tell('getCredentials')).credentials.length, 4);
});

test('forgetKey works where the platform cannot be told, or will not listen', async t => {
  const { page } = await open(t, addPage());
  const forgotten = await page.evaluate(async () => {
    const forgotten = [];
    for (const signal of [
      undefined,
      () => Promise.reject(new TypeError('no')),
      () => {
        throw new Error('no');
      },
      7,
    ]) {
      PublicKeyCredential.signalUnknownCredential = signal;
      await wx.startSoterAuthentication();
      forgotten.push(await WxSoter.forgetKey());
    }
    return forgotten;
  });
  assert.deepEqual(forgotten, [true, true, true, true]);
});

test('forgetKey forgets in the storage of the settings, with removeItem or without, and where storage is denied', async t => {
  const { page, tell } = await open(t, addPage());
  const forgotten = await page.evaluate(async () => {
    const storageOf = more => {
      const items = new Map();
      return { getItem: name => items.get(name) ?? null, setItem: (name, item) => void items.set(name, item), ...more(items) };
    };
    const storages = [
      storageOf(() => ({})),
      storageOf(items => ({ removeItem: name => void items.delete(name) })),
      { getItem: () => null, setItem: () => {} },
    ];
    const forgotten = [];
    for (const storage of storages) {
      await WxSoter.createWx({ storage }).startSoterAuthentication();
      forgotten.push(await WxSoter.forgetKey({ storage }), await WxSoter.forgetKey({ storage }));
    }
    return forgotten;
  });
  assert.deepEqual(forgotten, [true, false, true, false, true, false]);
  assert.deepEqual((await tell('getCredentials')).credentials, [], 'the authenticator was told of each');
});

test('forgetKey names what is wrong with its settings', async t => {
  const { page } = await open(t, addPage());
  const messages = await page.evaluate(() =>
    Promise.all(
      [{ usr: {} }, { user: { id: '' } }, { storage: { getItem: async () => null, setItem() {} } }].map(settings =>
        WxSoter.forgetKey(settings).then(
          () => 'forgotten',
          error => `${error.message} ${error.detail}`,
        ),
      ),
    ),
  );
  assert.match(messages[0], /forgetKey: there is no setting usr; did you mean user\?/);
  assert.match(messages[1], /forgetKey: user\.id should be/);
  assert.match(messages[2], /forgetKey:fail internal error setting storage: getItem should answer/);
});

test('forgetKey refuses options that it does not know', async t => {
  const { page } = await openNoting(t, addPage());
  const seen = await page.evaluate(async () => {
    await wx.startSoterAuthentication();
    const messages = [];
    for (const options of [{ signalUnknownCredentials: false }, { signalUnknownCredential: 'no' }, false]) {
      messages.push(await WxSoter.forgetKey(undefined, options).catch(error => `${error.name} ${error.message}`));
    }
    return { messages, signals, names: Object.keys(localStorage) };
  });
  assert.deepEqual(seen.messages, [
    'TypeError forgetKey: there is no setting signalUnknownCredentials; did you mean signalUnknownCredential?',
    'TypeError forgetKey: signalUnknownCredential should be true or false',
    'TypeError forgetKey: the options should be an object',
  ]);
  assert.deepEqual([seen.signals, seen.names.length], [[], 1]);
});

test('the platform is told of a new key that the page refuses', async t => {
  const { page, tell } = await open(t, addPage());
  for (let start = 0; start < 3; start += 1) {
    const { result } = await page.evaluate(() => {
      const onKeyCreated = () => Promise.reject(new Error('HTTP 503'));
      return settle(WxSoter.createWx({ onKeyCreated }).startSoterAuthentication({ challenge: 'c' }));
    });
    assert.equal(result.reason, 'enrolment-refused');
  }
  assert.deepEqual((await tell('getCredentials')).credentials, [], 'none is left behind');
});

test('configure tells the global wx whose key it is, after the log-in, and who gets new ones', async t => {
  const { page, tell } = await open(t, addPage({ head: tag('data-rp-name="Shop" data-user-id="guest"') }));
  const made = await page.evaluate(async () => {
    const made = [];
    const { startSoterAuthentication } = wx;
    for (const id of ['ann', 'bob', 'ann']) {
      WxSoter.configure({ user: { id }, onKeyCreated: registration => void made.push([id, registration.id]) });
      await startSoterAuthentication({ challenge: 'c' });
    }
    const forgotten = await WxSoter.forgetKey();
    await wx.startSoterAuthentication({ challenge: 'c' });
    return { made: made.map(([id]) => id), forgotten, names: Object.keys(localStorage).sort() };
  });
  assert.deepEqual(made, {
    made: ['ann', 'bob', 'ann'],
    forgotten: true,
    names: ['wx-soter:localhost:ann', 'wx-soter:localhost:bob'],
  });
  const said = await page.evaluate(() => {
    try {
      WxSoter.configure({ onKeyCreate() {} });
    } catch (error) {
      return `${error.name} ${error.message}`;
    }
  });
  assert.equal(said, 'TypeError configure: there is no setting onKeyCreate; did you mean onKeyCreated?');
  assert.equal((await tell('getCredentials')).credentials.length, 2, 'the one that was forgotten is gone');
});

test('what install without settings has put on an object follows configure', async t => {
  const { page } = await open(t, addPage());
  const names = await page.evaluate(async () => {
    const [host, own] = [{}, {}];
    WxSoter.install(host, { override: true, user: undefined });
    WxSoter.install(own, { user: { id: 'own' } });
    WxSoter.configure({ user: { id: 'ann' } });
    for (const each of [host, own]) await each.startSoterAuthentication();
    return Object.keys(localStorage).sort();
  });
  assert.deepEqual(names, ['wx-soter:localhost:ann', 'wx-soter:localhost:own']);
});

test('an account at an open page keeps its key while another logs in', async t => {
  const { page } = await open(t, addPage());
  const names = await page.evaluate(async () => {
    WxSoter.configure({ user: { id: 'ann' } });
    const first = wx.startSoterAuthentication({ challenge: 'c' });
    WxSoter.configure({ user: { id: 'bob' } });
    await first;
    await wx.startSoterAuthentication({ challenge: 'c' });
    return Object.keys(localStorage).sort();
  });
  assert.deepEqual(names, ['wx-soter:localhost:ann', 'wx-soter:localhost:bob']);
});
