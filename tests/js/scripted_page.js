// A page for tests on a stock machine: navigator.credentials is replaced by an authenticator of a few lines that holds
// real keys and really signs, and that a script tells what to do instead.

const REAL = {
  PublicKeyCredential: globalThis.PublicKeyCredential,
  localStorage: Object.getOwnPropertyDescriptor(globalThis, 'localStorage'),
};

let keys, next, asked, available, counter, flags, algorithm, tamper, origin;

const set = (target, name, descriptor) => Object.defineProperty(target, name, { configurable: true, ...descriptor });

const base64url = data =>
  btoa(String.fromCharCode(...new Uint8Array(data)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');

const sha256 = async text => new Uint8Array(await crypto.subtle.digest('SHA-256', text));

const utf8 = text => new TextEncoder().encode(text);

/** A page on https://example.com with a willing authenticator, nothing remembered, nothing overridden. */
export function reset() {
  keys = [];
  next = [];
  asked = [];
  available = true;
  counter = 0;
  flags = 0x05;
  algorithm = ES256;
  tamper = () => {};
  setOrigin('https://example.com');
  set(globalThis, 'isSecureContext', { value: true, writable: true });
  set(globalThis, 'PublicKeyCredential', { value: REAL.PublicKeyCredential, writable: true });
  set(REAL.PublicKeyCredential, 'isUserVerifyingPlatformAuthenticatorAvailable', { value: isAvailable, writable: true });
  set(navigator, 'credentials', { value: { create, get }, writable: true });
  set(navigator, 'userAgentData', { value: { platform: 'Windows' }, writable: true });
  set(navigator, 'userAgent', { value: 'Mozilla/5.0 (Windows NT 10.0)', writable: true });
  set(document, 'featurePolicy', { value: undefined, writable: true });
  Object.defineProperty(globalThis, 'localStorage', REAL.localStorage);
  localStorage.clear();
  delete crypto.getRandomValues;
}

/** Changes a member of the only record of a key. */
export function changeRecord(member, value) {
  const [name] = Object.keys(localStorage);
  localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), [member]: value }));
}

export function setOrigin(value) {
  origin = value;
  // As the browser's own, a getter.
  set(globalThis, 'origin', { get: () => value });
}

/** Sets a global, or a member of navigator or document, to a JSON value; undefined for none. */
export function override(path, json) {
  const names = path.split('.');
  const name = names.pop();
  const target = names.reduce((target, name) => target[name], globalThis);
  set(target, name, { value: json === undefined ? undefined : JSON.parse(json), writable: true });
}

export function denyStorage() {
  set(globalThis, 'localStorage', {
    get() {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    },
  });
}

export function forbid(feature) {
  set(document, 'featurePolicy', { value: { allowsFeature: name => name !== feature }, writable: true });
}

/** What isUserVerifyingPlatformAuthenticatorAvailable answers: true, false, "reject", "hang" or "missing". */
export function setAvailable(value) {
  available = value;
  if (value === 'missing') delete REAL.PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable;
}

async function isAvailable() {
  if (available === 'reject') throw new Error('no');
  if (available === 'hang') return new Promise(() => {});
  return available;
}

/** What the authenticator does on the next requests: "answer", "null", "hang", "deaf" (hangs and ignores abort),
 * "throw", "garbage", or [name, message] of a DOMException. */
export function script(json) {
  next.push(...JSON.parse(json));
}

export function setFlags(value) {
  flags = value;
}

/** How the next answers are spoilt: "challenge", "origin", "type", "rpId", "signature", "id", "json", "buffers". */
export function spoil(what) {
  tamper = answer => SPOIL[what](answer);
}

const spoilClientData = change => answer => {
  const data = JSON.parse(new TextDecoder().decode(answer.clientDataJSON));
  change(data);
  answer.clientDataJSON = utf8(JSON.stringify(data)).buffer;
};

const SPOIL = {
  challenge: spoilClientData(data => (data.challenge = 'AAAA')),
  origin: spoilClientData(data => (data.origin = 'https://evil.example')),
  type: spoilClientData(data => (data.type = 'webauthn.other')),
  rpId: answer => (answer.authenticatorData[0] ^= 1),
  signature: answer => (answer.signature = answer.signature && answer.signature.map((byte, at) => (at === 9 ? byte ^ 1 : byte))),
  id: answer => (answer.id = new Uint8Array(16).fill(99)),
  json: answer => (answer.clientDataJSON = utf8('{').buffer),
  buffers: answer => Object.assign(answer, { clientDataJSON: 7, authenticatorData: 'x', signature: null }),
};

/** The requests so far, as JSON: method, and what of the options is plain. */
export function requests() {
  return JSON.stringify(asked);
}

export function deleteKeys() {
  keys = [];
}

async function obey(method, { publicKey, signal }) {
  asked.push({
    method,
    challenge: new TextDecoder().decode(publicKey.challenge),
    rpId: publicKey.rpId || publicKey.rp.id,
    userVerification: publicKey.userVerification || publicKey.authenticatorSelection.userVerification,
    attachment: publicKey.authenticatorSelection && publicKey.authenticatorSelection.authenticatorAttachment,
    residentKey: publicKey.authenticatorSelection && publicKey.authenticatorSelection.residentKey,
    attestation: publicKey.attestation,
    algorithms: publicKey.pubKeyCredParams && publicKey.pubKeyCredParams.map(({ alg }) => alg),
    excluded: publicKey.excludeCredentials && publicKey.excludeCredentials.length,
    transports: publicKey.allowCredentials && publicKey.allowCredentials[0].transports,
    hints: publicKey.hints,
    user: publicKey.user && { ...publicKey.user, id: new TextDecoder().decode(publicKey.user.id) },
    rpName: publicKey.rp && publicKey.rp.name,
  });
  const order = next.shift() || 'answer';
  if (Array.isArray(order)) throw new DOMException(order[1], order[0]);
  if (order === 'throw') throw 'just a string';
  if (order === 'hang') {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
  if (order === 'deaf') await new Promise(() => {});
  return order;
}

const clientData = (type, challenge) =>
  utf8(JSON.stringify({ type, challenge: base64url(challenge), origin, crossOrigin: false, extra: 'ignored' })).buffer;

async function authenticatorData(rpId, bits, rest = []) {
  counter += 1;
  return new Uint8Array([...(await sha256(utf8(rpId))), bits, 0, 0, 0, counter, ...rest]);
}

const ES256 = { cose: -7, parameters: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } };
// What Windows Hello makes on many machines.
const RS256 = {
  cose: -257,
  parameters: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
};

/** Has the authenticator make RSA keys. */
export function makeRsaKeys() {
  algorithm = RS256;
}

async function create(options) {
  const { publicKey } = options;
  const order = await obey('create', options);
  if (order === 'null') return null;
  if (order === 'garbage') return { rawId: 'x', response: { getPublicKey: 1 } };
  if (publicKey.excludeCredentials.some(({ id }) => keys.some(key => base64url(key.id) === base64url(id)))) {
    throw new DOMException(
      'The user attempted to register an authenticator that contains one of the credentials already registered with the relying party.',
      'InvalidStateError',
    );
  }
  const pair = await crypto.subtle.generateKey(algorithm.parameters, true, ['sign', 'verify']);
  const key = { id: crypto.getRandomValues(new Uint8Array(16)), pair, algorithm };
  keys.push(key);
  const answer = {
    id: key.id,
    clientDataJSON: clientData('webauthn.create', publicKey.challenge),
    authenticatorData: await authenticatorData(publicKey.rp.id, flags | 0x40, [...new Uint8Array(16), 0, 16, ...key.id]),
  };
  tamper(answer);
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey);
  return {
    rawId: answer.id.buffer,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    response: {
      clientDataJSON: answer.clientDataJSON,
      attestationObject: new Uint8Array([0xa0]).buffer,
      getAuthenticatorData: () => answer.authenticatorData.buffer || answer.authenticatorData,
      getPublicKey: () => spki,
      getPublicKeyAlgorithm: () => key.algorithm.cose,
      getTransports: () => ['internal'],
    },
  };
}

// WebCrypto signs in two 32-byte numbers, authenticators in DER.
const der = raw => {
  const integer = number => {
    const start = number.findIndex(byte => byte !== 0);
    const magnitude = [...number.slice(start)];
    if (magnitude[0] & 0x80) magnitude.unshift(0);
    return [2, magnitude.length, ...magnitude];
  };
  const body = [...integer(raw.slice(0, 32)), ...integer(raw.slice(32))];
  return new Uint8Array([0x30, body.length, ...body]);
};

async function get(options) {
  const { publicKey } = options;
  const order = await obey('get', options);
  if (order === 'null') return null;
  if (order === 'garbage') return { rawId: 'x', response: null };
  const wanted = publicKey.allowCredentials.map(({ id }) => base64url(id));
  const key = keys.find(({ id }) => wanted.includes(base64url(id)));
  if (!key) {
    throw new DOMException(
      'The operation either timed out or was not allowed. See: https://www.w3.org/TR/webauthn-2/#sctn-privacy-considerations-client.',
      'NotAllowedError',
    );
  }
  const answer = {
    id: key.id,
    clientDataJSON: clientData('webauthn.get', publicKey.challenge),
    authenticatorData: await authenticatorData(publicKey.rpId, flags),
  };
  const signed = new Uint8Array([...answer.authenticatorData, ...(await sha256(answer.clientDataJSON))]);
  const signature = new Uint8Array(await crypto.subtle.sign(key.algorithm.parameters, key.pair.privateKey, signed));
  answer.signature = key.algorithm === ES256 ? der(signature) : signature;
  tamper(answer);
  return {
    rawId: answer.id.buffer,
    type: 'public-key',
    response: {
      clientDataJSON: answer.clientDataJSON,
      authenticatorData: answer.authenticatorData && (answer.authenticatorData.buffer || answer.authenticatorData),
      signature: answer.signature && answer.signature.buffer,
      userHandle: null,
    },
  };
}

/** Makes a call with all three callbacks, and resolves with what happened, as JSON: names in order, and whether callbacks
 * and promise got the same: a success the object, a failure an Error with its fields. */
export async function record(wx, api, options) {
  const events = [];
  const results = [];
  const note = name => result => {
    events.push(name);
    results.push(result);
  };
  const returned = wx[api]({ ...options, success: note('success'), fail: note('fail'), complete: note('complete') });
  events.push(returned instanceof Promise ? 'returned a promise' : 'returned ' + returned);
  const promised = await Promise.resolve(returned).then(
    result => (events.push('resolved'), result === results[0]),
    error => (events.push('rejected'), error instanceof Error && JSON.stringify({ ...error }) === JSON.stringify(results[0])),
  );
  // Whatever else comes would come soon.
  await sleep(20);
  return JSON.stringify({ events, same: promised && results[0] === results[1], result: results[0] });
}

/** Makes a call whose callbacks throw; resolves with the errors that the page was told of, and the callbacks that ran. */
export function recordThrowing(wx, api, options) {
  return new Promise(resolve => {
    const ran = [];
    const reported = [];
    const reportError = globalThis.reportError;
    globalThis.reportError = error => reported.push(error.message);
    const thrower = name => () => {
      ran.push(name);
      if (name === 'complete') {
        setTimeout(() => {
          globalThis.reportError = reportError;
          resolve(JSON.stringify({ ran, reported }));
        }, 20);
      }
      throw new Error(name);
    };
    wx[api]({ ...options, success: thrower('success'), fail: thrower('fail'), complete: thrower('complete') });
  });
}

/** Counts how often each field is read by a call. */
export async function countReads(wx, api) {
  const reads = {};
  const values = { authContent: 'a', challenge: 'c', requestAuthModes: ['fingerPrint'], checkAuthMode: 'fingerPrint', fail() {} };
  await new Promise(complete => {
    const options = new Proxy(
      { ...values, complete },
      {
        get(target, name) {
          reads[name] = (reads[name] || 0) + 1;
          return target[name];
        },
      },
    );
    wx[api](options);
    options.challenge = 'changed after the call';
  });
  return JSON.stringify(reads);
}

/** A prompt that notes what it was given, and what became of its signal. */
export function makePrompt(behaviour) {
  const prompt = request => {
    prompt.log.push({ authContent: request.authContent, authMode: request.authMode, lang: request.lang });
    prompt.signal = request.signal;
    if (behaviour === 'throw') throw new Error('prompt broke');
    if (behaviour === 'reject') return Promise.reject(new Error('prompt broke later'));
    if (behaviour === 'cancel') setTimeout(request.cancel, 10);
    if (behaviour === 'cancel twice') [10, 20, 60].forEach(ms => setTimeout(request.cancel, ms));
    if (behaviour === 'click') return { askForClick: async () => void prompt.log.push('asked for a click') };
  };
  prompt.log = [];
  return prompt;
}

export const promptLog = prompt => JSON.stringify({ log: prompt.log, closed: !!(prompt.signal && prompt.signal.aborted) });

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** A function that answers as told, and notes its argument. */
export function makeListener(behaviour) {
  const listener = registration => {
    listener.got = registration;
    if (behaviour === 'throw') throw new Error('refused');
    if (behaviour === 'reject') return Promise.reject(new Error('refused later'));
    if (behaviour === 'hang') return new Promise(() => {});
  };
  return listener;
}

export const listenerGot = listener => JSON.stringify(listener.got || null);

/** Makes a call on options all of whose getters throw but `complete`; resolves with what that got. */
export function throwingGetters(wx, api) {
  return new Promise(resolve => {
    const complete = result => resolve(JSON.stringify(result));
    const options = { complete };
    for (const name of ['success', 'fail', 'challenge', 'authContent', 'requestAuthModes', 'checkAuthMode']) {
      Object.defineProperty(options, name, {
        get() {
          throw new Error(name);
        },
      });
    }
    wx[api](options);
  });
}

/** Runs a function that panics, in a task of its own. Chromedriver does not stand the error that the trap is. */
export const runDefect = (defect, ms) =>
  setTimeout(() => {
    try {
      defect();
    } catch {}
  }, ms);
