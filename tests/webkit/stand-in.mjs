// What WebKitGTK and WPE do not have: `navigator.credentials` with an authenticator behind it that makes real keys and
// really signs. Runs in the page. Keys outlive the page in sessionStorage, which wx-soter does not use.

export const standIn = options => {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return;
  // Kept, since pages of the tests replace some.
  const { JSON: json, Promise: RealPromise, Uint8Array: Bytes, setTimeout, crypto, sessionStorage, TextEncoder } = globalThis;
  const { parse, stringify } = json;
  const { subtle } = crypto;
  const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
  const STORE = 'stand-in';

  const base64url = data =>
    btoa(String.fromCharCode(...new Bytes(data)))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=/g, '');
  const bytesOf = data => new Bytes(data.buffer ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data);
  const fromBase64url = text => Bytes.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), each => each.charCodeAt(0));
  const sha256 = async data => new Bytes(await subtle.digest('SHA-256', data));
  const join = (...parts) => Bytes.from(parts.flatMap(part => [...part]));
  const uint16 = number => [number >> 8, number & 255];
  const uint32 = number => [...uint16(number >>> 16), ...uint16(number & 65535)];

  const load = () => parse(sessionStorage.getItem(STORE) || '[]');
  const save = keys => sessionStorage.setItem(STORE, stringify(keys));

  /** What a person can change: whether there is anybody who presses the button. */
  const person = { isPresent: options?.automaticPresenceSimulation !== false };
  const waiting = new Set();
  const presence = signal =>
    new RealPromise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
      if (person.isPresent) resolve();
      else waiting.add(resolve);
    });
  // A refusal that comes at once is Safari's way to demand a click.
  const refuse = async (name, message) => {
    await new RealPromise(later => setTimeout(later, 150));
    throw new DOMException(message, name);
  };

  const authenticatorData = async (rpId, flags, counter, attested = []) =>
    join(await sha256(encode(rpId)), [flags], uint32(counter), attested);
  const clientData = (type, challenge) =>
    encode(stringify({ type, challenge: base64url(bytesOf(challenge)), origin: location.origin, crossOrigin: false }));

  // CBOR, as far as it is needed: texts and byte strings under 65,536 bytes.
  const text = value => [0x60 + value.length, ...encode(value)];
  const byteString = value => [
    ...(value.length < 24 ? [0x40 + value.length] : value.length < 256 ? [0x58, value.length] : [0x59, ...uint16(value.length)]),
    ...value,
  ];
  /** An ECDSA signature of WebCrypto as the DER that authenticators give. */
  const der = signature => {
    const integer = part => {
      let digits = [...part];
      while (digits.length > 1 && digits[0] === 0 && digits[1] < 128) digits.shift();
      if (digits[0] >= 128) digits = [0, ...digits];
      return [2, digits.length, ...digits];
    };
    const body = [...integer(signature.slice(0, 32)), ...integer(signature.slice(32))];
    return Bytes.from([0x30, body.length, ...body]);
  };

  class AuthenticatorResponse {
    constructor(members) {
      Object.assign(this, members);
    }
  }
  class AuthenticatorAttestationResponse extends AuthenticatorResponse {
    #more;
    constructor(members, more) {
      super(members);
      this.#more = more;
    }
    getPublicKey = () => this.#more.publicKey.buffer;
    getPublicKeyAlgorithm = () => -7;
    getAuthenticatorData = () => this.#more.authenticatorData.buffer;
    getTransports = () => ['internal'];
  }
  // As in browsers, on the prototype: who looks for Level 2 looks there.
  for (const name of ['getPublicKey', 'getPublicKeyAlgorithm', 'getAuthenticatorData', 'getTransports']) {
    AuthenticatorAttestationResponse.prototype[name] = () => {};
  }
  class AuthenticatorAssertionResponse extends AuthenticatorResponse {}
  class PublicKeyCredential {
    constructor(id, response) {
      Object.assign(this, {
        id: base64url(id),
        rawId: id.buffer,
        type: 'public-key',
        response,
        authenticatorAttachment: 'platform',
      });
    }
    getClientExtensionResults() {
      return {};
    }
    static async isUserVerifyingPlatformAuthenticatorAvailable() {
      // Browsers ask another process.
      await new RealPromise(later => setTimeout(later, 10));
      return !!options;
    }
    static async signalUnknownCredential({ rpId, credentialId }) {
      save(load().filter(key => key.rpId !== rpId || key.id !== credentialId));
    }
  }

  const rpIdOf = (wanted = location.hostname) => {
    const host = location.hostname;
    if (wanted !== host && !host.endsWith(`.${wanted}`)) throw new DOMException('The operation is insecure.', 'SecurityError');
    return wanted;
  };
  const isListed = (list, key) => (list || []).some(({ id }) => base64url(bytesOf(id)) === key.id);

  class CredentialsContainer {
    async create({ publicKey, signal }) {
      const rpId = rpIdOf(publicKey.rp.id);
      if (!options) return refuse('NotAllowedError', 'This request has been cancelled by the user.');
      await presence(signal);
      if (load().some(key => key.rpId === rpId && isListed(publicKey.excludeCredentials, key))) {
        return refuse(
          'InvalidStateError',
          'At least one credential matches an entry of the excludeCredentials list in the platform attached authenticator.',
        );
      }
      const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
      const id = crypto.getRandomValues(new Bytes(32));
      const point = new Bytes(await subtle.exportKey('raw', pair.publicKey));
      const cose = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, ...byteString(point.slice(1, 33)), 0x22, ...byteString(point.slice(33))];
      const data = await authenticatorData(rpId, 0x45, 1, [...new Bytes(16), ...uint16(id.length), ...id, ...cose]);
      const attestation = Bytes.from([
        0xa3,
        ...text('fmt'),
        ...text('none'),
        ...text('attStmt'),
        0xa0,
        ...text('authData'),
        ...byteString(data),
      ]);
      const userHandle = base64url(bytesOf(publicKey.user.id));
      const isResident = ['required', 'preferred'].includes(publicKey.authenticatorSelection?.residentKey);
      const jwk = await subtle.exportKey('jwk', pair.privateKey);
      const others = load().filter(key => !(isResident && key.isResident && key.rpId === rpId && key.userHandle === userHandle));
      save([...others, { id: base64url(id), rpId, userHandle, isResident, counter: 1, jwk }]);
      const response = {
        clientDataJSON: clientData('webauthn.create', publicKey.challenge).buffer,
        attestationObject: attestation.buffer,
      };
      const publicKeyInfo = new Bytes(await subtle.exportKey('spki', pair.publicKey));
      return new PublicKeyCredential(
        id,
        new AuthenticatorAttestationResponse(response, { publicKey: publicKeyInfo, authenticatorData: data }),
      );
    }

    async get({ publicKey, signal }) {
      const rpId = rpIdOf(publicKey.rpId);
      await presence(signal);
      const keys = load();
      const key = keys.find(key => key.rpId === rpId && isListed(publicKey.allowCredentials, key));
      if (!options || !key) return refuse('NotAllowedError', 'This request has been cancelled by the user.');
      key.counter += 1;
      save(keys);
      const privateKey = await subtle.importKey('jwk', key.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
      const data = await authenticatorData(rpId, 0x05, key.counter);
      const client = clientData('webauthn.get', publicKey.challenge);
      const signed = join(data, await sha256(client));
      const signature = der(new Bytes(await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, signed)));
      const response = {
        clientDataJSON: client.buffer,
        authenticatorData: data.buffer,
        signature: signature.buffer,
        userHandle: null,
      };
      return new PublicKeyCredential(fromBase64url(key.id), new AuthenticatorAssertionResponse(response));
    }
  }

  const define = (target, name, value) => Object.defineProperty(target, name, { value, configurable: true, writable: true });
  for (const each of [
    PublicKeyCredential,
    CredentialsContainer,
    AuthenticatorAttestationResponse,
    AuthenticatorAssertionResponse,
  ]) {
    define(globalThis, each.name, each);
  }
  define(navigator, 'credentials', new CredentialsContainer());
  define(globalThis, 'standIn', {
    getCredentials: () => ({
      credentials: load().map(({ id, rpId, isResident }) => ({ credentialId: id, rpId, isResidentCredential: isResident })),
    }),
    setAutomaticPresenceSimulation: ({ enabled }) => {
      person.isPresent = enabled;
      if (!enabled) return;
      waiting.forEach(go => go());
      waiting.clear();
    },
  });
};
