// What comes over the network may be anything. It is refused, and the next call is as if nothing had been.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VerificationError, verifyAssertion, verifyRegistration, verifyResult } from '../../pkg/dist/server.js';
import { HERE, createPage, edited } from './page.mjs';

const { registration, result } = await createPage().start('c');
const expected = { ...HERE, challenge: 'c' };
const { key } = await verifyRegistration(registration, expected);

const holds = async () => {
  await verifyRegistration(registration, expected);
  await verifyResult(result, { ...expected, key });
};

const nested = depth => '['.repeat(depth) + ']'.repeat(depth);
const circular = {};
circular.self = circular;
const throwing = { toJSON: () => assert.fail('never heard') };

const THINGS = [
  undefined,
  null,
  true,
  0,
  NaN,
  10n,
  '',
  'x',
  '{}',
  '[]',
  'null',
  '{"id":1}',
  {},
  [],
  () => {},
  Symbol('s'),
  '\ud800',
  '\0',
  '\ufeff{}',
  circular,
  throwing,
  nested(100),
  nested(100_000),
  `{"id":${nested(100_000)}}`,
  `{"response":${'{"a":'.repeat(50_000)}`,
  JSON.parse(nested(50_000)),
  'x'.repeat(5_000_000),
  `{"id":"${'A'.repeat(5_000_000)}"}`,
  '\u0800'.repeat(300_000),
  new Uint8Array(10),
];

const refuses = async (promise, thing) => {
  const error = await promise.then(
    () => assert.fail('resolved'),
    error => error,
  );
  assert.ok(error instanceof VerificationError, `${String(error.stack)} of ${String(thing).slice(0, 40)}`);
  return error.reason;
};

test('anything at all is refused', async () => {
  for (const thing of THINGS) {
    await refuses(verifyRegistration(thing, expected), typeof thing);
    await refuses(verifyAssertion(thing, { ...expected, key }), typeof thing);
    await refuses(verifyResult(thing, { ...expected, key }), typeof thing);
    await refuses(verifyResult({ ...result, resultJSON: thing }, { ...expected, key }), typeof thing);
    await refuses(verifyResult({ ...result, resultJSONSignature: thing }, { ...expected, key }), typeof thing);
    await holds();
  }
});

test('anything in the place of a member is refused', async () => {
  const things = THINGS.filter(thing => !['symbol', 'bigint'].includes(typeof thing) && thing !== circular && thing !== throwing);
  const sent = structuredClone(registration);
  for (const thing of things) {
    for (const member of ['id', 'rawId', 'type']) await refuses(verifyRegistration({ ...sent, [member]: thing }, expected));
    for (const member of ['clientDataJSON', 'attestationObject']) {
      const response = { ...sent.response, [member]: thing };
      await refuses(verifyRegistration({ ...sent, response }, expected));
    }
    let json;
    try {
      json = JSON.stringify(thing) ?? '1e999';
    } catch {
      continue;
    }
    for (const member of ['raw', 'counter', 'cpu_id', 'webauthn']) {
      const { resultJSON } = edited(result, all => void (all[member] = 'PLACE'));
      await refuses(
        verifyResult({ ...result, resultJSON: resultJSON.replace('"PLACE"', () => json) }, { ...expected, key }),
        json,
      );
    }
  }
  await holds();
});

test('CBOR that is deep, long or cut short is refused', async () => {
  const whole = Buffer.from(registration.response.attestationObject, 'base64url');
  const deep = Buffer.alloc(40_000, 0x81);
  const huge = Buffer.from('9bffffffffffffffff01', 'hex');
  const cut = Array.from(whole, (_, length) => whole.subarray(0, length));
  for (const bytes of [deep, huge, Buffer.alloc(100_000), ...cut, Buffer.concat([whole, deep])]) {
    const response = { ...registration.response, attestationObject: bytes.toString('base64url') };
    await refuses(verifyRegistration({ ...registration, response }, expected));
  }
  await holds();
});

test('too much is told from malformed', async () => {
  assert.equal(await refuses(verifyRegistration('x'.repeat(300_000), expected)), 'response-too-large');
  assert.equal(
    await refuses(verifyResult({ ...result, resultJSON: 'x'.repeat(70_000) }, { ...expected, key })),
    'result-too-large',
  );
});

test('ten thousand verifications leave memory as it was, refused ones among them', async t => {
  const { prototype } = WebAssembly.Memory;
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'buffer');
  const seen = new Set();
  Object.defineProperty(prototype, 'buffer', {
    configurable: true,
    get() {
      seen.add(this);
      return get.call(this);
    },
  });
  t.after(() => Object.defineProperty(prototype, 'buffer', { configurable: true, get }));
  const fresh = await import('../../pkg/dist/server.js?memory');
  const round = async i => {
    if (i % 4) return fresh.verifyResult(result, { ...expected, key });
    if (i % 8) return fresh.verifyRegistration(registration, expected);
    await assert.rejects(fresh.verifyResult({ ...result, resultJSON: nested(i) }, { ...expected, key }));
  };
  for (let i = 0; i < 1000; i += 1) await round(i);
  const [memory, ...others] = seen;
  assert.equal(others.length, 0);
  const pages = () => memory.buffer.byteLength / 65_536;
  const before = pages();
  for (let i = 0; i < 10_000; i += 1) await round(i);
  assert.equal(pages(), before);
  assert.equal(seen.size, 1);
  assert.ok(before < 64, `${before} pages`);
});

test('a trap rejects the call, and those beside and after it hold', async t => {
  const { Instance } = WebAssembly;
  t.after(() => (WebAssembly.Instance = Instance));
  let instances = 0;
  let broken = 0;
  // Nothing that is known makes it trap, so an instance that breaks is played.
  WebAssembly.Instance = class {
    constructor(...args) {
      const { exports } = new Instance(...args);
      instances += 1;
      const trap =
        call =>
        (...args) => {
          if (!broken) return call(...args);
          broken -= 1;
          throw new WebAssembly.RuntimeError('unreachable');
        };
      const trapped = ([name, value]) => [name, typeof value === 'function' ? trap(value) : value];
      this.exports = Object.fromEntries(Object.entries(exports).map(trapped));
    }
  };
  const fresh = await import('../../pkg/dist/server.js?trap');
  const again = () => fresh.verifyResult(result, { ...expected, key });
  await again();
  assert.equal(instances, 1);
  const beside = [again(), again()];
  broken = 1;
  await assert.rejects(again(), WebAssembly.RuntimeError);
  await Promise.all(beside);
  assert.equal(instances, 2);
  // Where it breaks after WebCrypto has answered.
  const late = again();
  broken = 1;
  await assert.rejects(late, WebAssembly.RuntimeError);
  await fresh.verifyRegistration(registration, expected);
  assert.equal(instances, 3);
});

test('wherever it traps, one call rejects, and those beside it hold', async t => {
  const { Instance } = WebAssembly;
  t.after(() => (WebAssembly.Instance = Instance));
  let entriesLeft = 0;
  WebAssembly.Instance = class {
    constructor(...args) {
      const { exports } = new Instance(...args);
      const trap =
        call =>
        (...args) => {
          if (entriesLeft && !(entriesLeft -= 1)) throw new WebAssembly.RuntimeError('unreachable');
          return call(...args);
        };
      const names = Object.keys(exports).filter(name => typeof exports[name] === 'function');
      this.exports = { ...exports, ...Object.fromEntries(names.map(name => [name, trap(exports[name])])) };
    }
  };
  const fresh = await import('../../pkg/dist/server.js?anywhere');
  const again = () => fresh.verifyResult(result, { ...expected, key });
  await again();
  const met = new Set();
  for (let entry = 1; entry <= 100; entry += 1) {
    entriesLeft = entry;
    const ended = await Promise.allSettled([again(), again(), again()]);
    const rejected = ended.filter(({ status }) => status === 'rejected');
    const others = ended.filter(({ value }) => value?.counter === 1);
    assert.equal(rejected.length + others.length, 3);
    assert.ok(rejected.length <= 1 && rejected.every(({ reason }) => reason instanceof WebAssembly.RuntimeError));
    met.add(rejected.length);
    entriesLeft = 0;
    await again();
  }
  assert.deepEqual([...met], [1, 0]);
});

test('WebCrypto’s exceptions are a no, and its absence is an error', async t => {
  const { subtle } = crypto;
  t.after(() => Object.defineProperty(crypto, 'subtle', { configurable: true, value: subtle }));
  const play = value => Object.defineProperty(crypto, 'subtle', { configurable: true, value });
  const throws = () => Promise.reject(new DOMException('no', 'NotSupportedError'));
  play({ importKey: throws });
  await assert.rejects(verifyResult(result, { ...expected, key }), { reason: 'signature-invalid' });
  play({ importKey: async () => ({}), verify: throws });
  await assert.rejects(verifyResult(result, { ...expected, key }), { reason: 'signature-invalid' });
  for (const answer of [undefined, null, 1, 'true', {}]) {
    play({ importKey: async () => ({}), verify: async () => answer });
    await assert.rejects(verifyResult(result, { ...expected, key }), { reason: 'signature-invalid' });
  }
  play(undefined);
  await assert.rejects(verifyResult(result, { ...expected, key }), /needs WebCrypto/);
});
