// A whole authentication with a remembered key, beside the browser's bare call, the bare call with the least check that
// WebCrypto allows, and @simplewebauthn/browser.
import { bundleSimpleWebAuthn, wxSoter } from './scripts.mjs';
import { median } from './median.mjs';

/** The scripts that the page of a measurement needs. */
export const scripts = async () => [wxSoter, await bundleSimpleWebAuthn()];

/**
 * Measures in rounds that take each way once, so that noise hits all alike. `evaluate` runs a function in a page that has
 * the scripts. Resolves with the medians in milliseconds and the median ratios of a round's ways to its bare call.
 */
export const measureCeremony = async (evaluate, rounds) => {
  const samples = await evaluate(inPage, rounds);
  const figures = way => ({
    ms: median(samples.map(round => round[way])),
    ratio: median(samples.map(round => round[way] / round.bare)),
  });
  return { bare: figures('bare'), checked: figures('checked'), simple: figures('simple'), ours: figures('ours') };
};

const inPage = async rounds => {
  const challenge = 'a challenge of the length that servers send, 44';
  const wx = WxSoter.createWx({ prompt: 'none' });
  const authenticate = () => wx.startSoterAuthentication({ challenge });

  // The first makes the key; the second shows what is asked of the browser, for the others to ask the same.
  await authenticate();
  const credentials = navigator.credentials;
  let asked;
  credentials.get = options => {
    asked = options;
    delete credentials.get;
    return credentials.get(options);
  };
  await authenticate();

  const { publicKey } = asked;
  const base64url = bytes =>
    btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, digit => ({ '+': '-', '/': '_' })[digit] ?? '');
  const optionsJSON = {
    ...publicKey,
    challenge: base64url(publicKey.challenge),
    allowCredentials: publicKey.allowCredentials.map(each => ({ ...each, id: base64url(each.id) })),
  };

  // What no check of the signature can do without: the key made ready, a hash, and the signature held against them.
  const record = JSON.parse(localStorage.getItem(Object.keys(localStorage).find(name => name.startsWith('wx-soter:'))));
  const spki = Uint8Array.from(atob(record.publicKey.replace(/-/g, '+').replace(/_/g, '/')), char => char.charCodeAt(0));
  const parameters = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const rawSignature = der => {
    const raw = new Uint8Array(64);
    const rLength = der[3];
    for (const [end, place] of [
      [4 + rLength, 32],
      [der.length, 64],
    ]) {
      const start = place === 32 ? 4 : 6 + rLength;
      const number = der.slice(Math.max(start, end - 32), end);
      raw.set(number, place - number.length);
    }
    return raw;
  };
  const getAndCheck = async () => {
    const asked = bare();
    const importing = crypto.subtle.importKey('spki', spki, parameters, false, ['verify']);
    const { response } = await asked;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', response.clientDataJSON));
    const signed = new Uint8Array([...new Uint8Array(response.authenticatorData), ...hash]);
    const signature = rawSignature(new Uint8Array(response.signature));
    if (!(await crypto.subtle.verify(parameters, await importing, signature, signed))) throw new Error('not verified');
  };

  const bare = () => credentials.get({ publicKey, signal: new AbortController().signal });
  const ways = {
    bare,
    checked: getAndCheck,
    simple: () => SimpleWebAuthn.startAuthentication({ optionsJSON }),
    ours: authenticate,
  };
  const names = Object.keys(ways);
  const time = async way => {
    // What the one before left behind is not this one's.
    await new Promise(later => setTimeout(later));
    const started = performance.now();
    await way();
    return performance.now() - started;
  };
  const samples = [];
  const warmUp = 10;
  for (let round = -warmUp; round < rounds; round++) {
    const sample = {};
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + warmUp) % names.length];
      sample[name] = await time(ways[name]);
    }
    if (round >= 0) samples.push(sample);
  }
  return samples;
};
