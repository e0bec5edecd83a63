/** @import { Expected, KnownKey, RegistrationOptions, ResultOptions } from '../../types/server.js' */

// The types say what options should be. Whether they are is what is looked at here.

const COUNTER_LIMIT = 2 ** 32;

/**
 * `null` is what an empty place of a store gives, and leaves out no check.
 *
 * @type {(value: unknown) => value is undefined}
 */
const isMissing = value => value === undefined;
/** @param {unknown} value */
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
/**
 * A lone surrogate has no UTF-8, and would become another character on the way. A pattern finds it in each emoji, in Safari 16.0.
 *
 * @param {string} value
 */
const isWellFormed = value => {
  if (value.isWellFormed) return value.isWellFormed();
  try {
    return !!encodeURIComponent(value);
  } catch {
    return false;
  }
};
/**
 * @param {unknown} value
 * @returns {value is string}
 */
const isText = value => typeof value === 'string' && value !== '' && isWellFormed(value);
/**
 * @param {unknown} value
 * @returns {value is string}
 */
const isBase64Url = value => typeof value === 'string' && /^[\w-]+$/.test(value);
/**
 * Whether base64url has no digit too few, and no bit that stands for nothing.
 *
 * @param {string} value
 */
const isWhole = value =>
  value.length % 4 === 0 ||
  (value.length % 4 === 2 && /[AQgw]$/.test(value)) ||
  (value.length % 4 === 3 && /[AEIMQUYcgkosw048]$/.test(value));
/** @param {unknown} value */
const isCounter = value =>
  Number.isInteger(value) && /** @type {number} */ (value) >= 0 && /** @type {number} */ (value) < COUNTER_LIMIT;
/** The COSE numbers of the algorithms that the module knows. */
const ALGORITHMS = [-7, -257, -8, -35, -36, -258, -259, -37, -38, -39];
/** @param {unknown} value */
const isBoolean = value => typeof value === 'boolean';
/**
 * Also one of another realm, which Jest makes.
 *
 * @param {unknown} value
 * @returns {value is Uint8Array}
 */
const isBytes = value => ArrayBuffer.isView(value) && /** @type {any} */ (value).BYTES_PER_ELEMENT === 1 && value.byteLength > 0;

/**
 * As it stands in client data, with which it is compared to the letter: of a page nothing behind host and port, or the name
 * of an app. Anything else (a host without its scheme) would refuse everybody.
 *
 * @param {unknown} value
 */
const isOrigin = value => {
  if (!isText(value)) return false;
  if (/^(?:android:apk-key-hash|ios:bundle-id):./.test(value)) return true;
  try {
    return /^https?:/.test(value) && new URL(value).origin === value;
  } catch {
    return false;
  }
};

/** @param {unknown} value */
const isDomain = value => isText(value) && isOrigin(`https://${value}`) && !value.includes(':');

/** What looks at the options of one call, and complains by its name. */
class Reader {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /**
   * @param {string} what
   * @returns {never}
   */
  complain(what) {
    throw new TypeError(`${this.name}: ${what}`);
  }

  /**
   * @param {unknown} right whether it is right
   * @param {string} option
   * @param {string} expected
   */
  demand(right, option, expected) {
    if (!right) this.complain(`${option} should be ${expected}`);
  }

  /**
   * @template T
   * @param {T} value
   * @param {string} option
   */
  object(value, option) {
    this.demand(isObject(value), option, 'an object');
    return value;
  }

  /**
   * A mistyped name would leave out a check without a word.
   *
   * @param {object} others
   */
  nothingElse(others) {
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) this.complain(`there is no option ${unknown}`);
  }

  /**
   * Text, of which the UTF-8 counts, or the bytes themselves.
   *
   * @param {string | Uint8Array} value
   * @param {string} option
   * @param {string} expected
   */
  bytes(value, option, expected) {
    this.demand(isText(value) || isBytes(value), option, expected);
    return [...(typeof value === 'string' ? new TextEncoder().encode(value) : value)];
  }

  /**
   * One or several.
   *
   * @param {string | readonly string[]} value
   * @param {string} option
   */
  origins(value, option) {
    const all = Array.isArray(value) ? [...value] : [value];
    const expected =
      "an origin as browsers write it, such as 'https://shop.example', an app's ('android:apk-key-hash:…', 'ios:bundle-id:…'), or an array of such";
    this.demand(all.length > 0 && all.every(isOrigin), option, expected);
    return all;
  }

  /**
   * @param {string} value
   * @param {string} option
   * @param {string[]} names
   */
  oneOf(value, option, names) {
    this.demand(names.includes(value), option, `one of ${names.map(name => `'${name}'`).join(', ')}`);
    return value;
  }

  /** @param {readonly number[]} value */
  algorithms(value) {
    const all = Array.isArray(value) ? [...value] : [];
    const known = `numbers of ${ALGORITHMS.join(', ')}`;
    this.demand(all.length > 0 && all.every(each => ALGORITHMS.includes(each)), 'algorithms', `an array of ${known}`);
    return all;
  }

  /**
   * @param {boolean} value
   * @param {string} option
   */
  flag(value, option) {
    this.demand(isBoolean(value), option, 'true or false');
    return value;
  }

  /**
   * What every call takes.
   *
   * @param {Expected} options
   */
  expected({ challenge, origin, rpId, topOrigin, userVerification = 'required', backup = 'allow' }) {
    const sent = 'the challenge that was sent, a text that is not empty, or bytes';
    const read = {
      challenge: this.bytes(challenge, 'challenge', sent),
      origins: this.origins(origin, 'origin'),
      topOrigins: isMissing(topOrigin) ? [] : this.origins(topOrigin, 'topOrigin'),
      userVerification: this.oneOf(userVerification, 'userVerification', ['required', 'optional']),
      backup: this.oneOf(backup, 'backup', ['allow', 'refuse-backed-up', 'refuse-eligible']),
    };
    this.demand(isDomain(rpId), 'rpId', "a domain, such as 'shop.example'");
    return { ...read, rpId };
  }

  /**
   * A key as it was stored. What else the store keeps with it is not looked at.
   *
   * @param {KnownKey} key
   * @param {number | undefined} counter the one that is kept beside the key
   * @param {boolean} isOnly whether there is no other key, whose counter it might be
   */
  key(key, counter, isOnly) {
    this.demand(isObject(key), 'key', 'what verifyRegistration gave, or an array of such');
    const { id, publicKey, uvInitialized, transports, backupEligible, backedUp } = key;
    const recorded = isMissing(key.counter) ? counter : key.counter;
    this.demand(isBase64Url(id), 'key.id', 'base64url');
    this.demand(isBase64Url(publicKey), 'key.publicKey', 'base64url');
    const ofEach = 'a whole number in each of several keys, since the option counter is for one';
    this.demand(isOnly || isMissing(counter) || !isMissing(key.counter), 'key.counter', ofEach);
    this.demand(isCounter(recorded), 'key.counter', 'a whole number');
    this.demand(isBoolean(uvInitialized), 'key.uvInitialized', 'true or false');
    this.demand(isBoolean(backupEligible), 'key.backupEligible', 'true or false');
    this.demand(isBoolean(backedUp), 'key.backedUp', 'true or false');
    this.demand(isWhole(id) && isWhole(publicKey), 'key', 'as verifyRegistration gave it');
    this.demand(Array.isArray(transports) && [...transports].every(isText), 'key.transports', 'an array of texts');
    return { id, publicKey, counter: recorded, uvInitialized, transports: [...transports], backupEligible, backedUp };
  }
}

/**
 * The options of `verifyRegistration`, as the module reads them.
 *
 * @param {string} name
 * @param {RegistrationOptions} options
 */
export const registrationOptions = (name, options) => {
  const reader = new Reader(name);
  const {
    challenge,
    origin,
    rpId,
    topOrigin,
    userVerification,
    backup,
    algorithms,
    attestation = {},
    ...others
  } = reader.object(options, 'the second argument');
  reader.nothingElse(others);
  const {
    none = true,
    self = true,
    certificates = true,
    compound,
    unknownFormats = false,
    ...otherAttestations
  } = reader.object(attestation, 'attestation');
  for (const unknown of Object.keys(otherAttestations)) reader.complain(`there is no option attestation.${unknown}`);
  return JSON.stringify({
    expected: reader.expected({ challenge, origin, rpId, topOrigin, userVerification, backup }),
    algorithms: isMissing(algorithms) ? undefined : reader.algorithms(algorithms),
    attestation: {
      none: reader.flag(none, 'attestation.none'),
      self: reader.flag(self, 'attestation.self'),
      certificates: reader.flag(certificates, 'attestation.certificates'),
      compound: isMissing(compound) ? undefined : reader.oneOf(compound, 'attestation.compound', ['all', 'any']),
      unknownFormats: reader.flag(unknownFormats, 'attestation.unknownFormats'),
    },
  });
};

/**
 * The options of `verifyResult` and `verifyAssertion`, as the module reads them.
 *
 * @param {string} name
 * @param {ResultOptions} options
 */
export const assertionOptions = (name, options) => {
  const reader = new Reader(name);
  const {
    challenge,
    origin,
    rpId,
    topOrigin,
    userVerification,
    backup,
    key,
    counter,
    uid,
    onCounter = 'refuse',
    ...others
  } = reader.object(options, 'the second argument');
  reader.nothingElse(others);
  const expected = reader.expected({ challenge, origin, rpId, topOrigin, userVerification, backup });
  reader.demand(isMissing(counter) || isCounter(counter), 'counter', 'a whole number');
  /** @type {KnownKey[]} */
  const keys = Array.isArray(key) ? [...key] : [key];
  return JSON.stringify({
    expected,
    keys: keys.map(each => reader.key(each, counter, keys.length === 1)),
    counter: counter ?? 0,
    uid: isMissing(uid) ? [] : reader.bytes(uid, 'uid', "the page's user.id, a text that is not empty, or bytes"),
    onCounter: reader.oneOf(onCounter, 'onCounter', ['refuse', 'report']),
  });
};
