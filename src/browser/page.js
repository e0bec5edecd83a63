// What answers at once: the page, its values and its storage.
//
// There are few files here and each holds much, because the web server of wasm-bindgen-test leaves a request unanswered
// at times when a page loads more than four at once (tiny_http's pool counts threads as idle that are not).

/** What an action answers; nothing where it throws, as a page's getters, proxies and globals may. */
export const attempt = (action) => {
  try {
    return action()
  } catch {}
}

const { toString } = Object.prototype

// --- Values, for `Snapshot`

/** The longest list that is read; no option needs more, and a page's mistake must not stall the page. */
const LIST_MAX = 64
/** The longest text, in UTF-16 code units. Of a longer one only the length is told, so nothing can take a part for all. */
const TEXT_MAX = 65_536

/** The letters of `Kind`, for what `typeof` tells. */
const KINDS = { string: 's', number: 'n', boolean: 'b', function: 'f', object: 'o' }

// Not by a pattern with the flag u, which finds surrogates in each emoji in the engine of Safari 16.0. Of the two ways
// that are right there, `isWellFormed` is the faster, and newer.
const isWellFormed = (text) =>
  text.isWellFormed ? text.isWellFormed() : attempt(() => encodeURIComponent(text)) !== undefined

const kindOf = (value) => {
  if (Array.isArray(value)) return 'a'
  if (value instanceof Uint8Array) return 'y'
  const kind = KINDS[typeof value]
  return kind === 's' && !isWellFormed(value) ? 'm' : kind
}

const TEXTS = {
  s: (value) => value,
  m: (value) => value,
  // Where it fits 32 bits; NaN does not.
  n: (value) => (Math.trunc(value) === (value | 0) ? value | 0 : ''),
  b: (value) => value || '',
  y: (value) => String.fromCharCode(...Uint16Array.from(value, (byte) => byte | 256)),
}

const write = (name, kind, typeName, length, text) =>
  [name, kind, typeName, length, text.split('\0').length - 1, text, ''].join('\0')

const describe = (name, value) => {
  try {
    const kind = kindOf(value)
    const [typeName] = toString.call(value).slice(8, -1).split('\0')
    // A number, whatever a proxy says: a text here could look like further values.
    const length = /[smay]/.test(kind) ? Number(value.length) : 0
    return write(name, kind, typeName, length, String(TEXTS[kind] && length <= TEXT_MAX ? TEXTS[kind](value) : ''))
  } catch {
    // It is there, but it is nothing that anybody asked for.
    return write(name, '', 'Unknown', 0, '')
  }
}

const read = (target, path) => {
  // What throws when it is read is not there.
  const value = attempt(() => {
    for (const member of path.split('.')) target = target?.[member]
    return target
  })
  if (value === undefined) return ''
  // Spread, since holes count as items.
  const items = attempt(() => Array.isArray(value) && [...value.slice(0, LIST_MAX)]) || []
  return describe(path, value) + items.map((item, i) => describe(`${path}[${i}]`, item)).join('')
}

/** The object itself and its members of these paths, with a space between the paths. */
export const snapshot = (target, paths) =>
  read({ '': target }, '') +
  paths
    .split(' ')
    .map((path) => read(target, path))
    .join('')

// --- Surroundings

// Reading some globals throws in places (localStorage is one); none is worth a failure here.
const global = (name) => attempt(() => globalThis[name])

const isGetter = (name) => (attempt(() => Reflect.getOwnPropertyDescriptor(globalThis, name)) || {}).get

// Whether permissions policy allows the feature. Only Blink tells, under the interface's older name; elsewhere the
// ceremony itself will.
const allows = (feature) => {
  const policy = (global('document') || {}).featurePolicy
  return !(policy && policy.allowsFeature && !policy.allowsFeature('publickey-credentials-' + feature))
}

/** Whose keys were of no use: the object and its `create`, since key managers replace one or the other. */
let unusable = {}

/** Notes that what makes keys here has made one of no use. */
export const noteUnusableKey = () => {
  const { credentials } = navigator
  unusable = { credentials, create: credentials.create }
}

/** A snapshot, for `Environment`. */
export const environment = () => {
  const navigator = global('navigator') || {}
  const credentials = navigator.credentials || {}
  const response = (global('AuthenticatorAttestationResponse') || {}).prototype || {}
  const found = {
    isSecureContext: global('isSecureContext'),
    // getPublicKey came with Level 2: Chromium 85, Safari 16, Firefox 119.
    webauthn: !!(global('PublicKeyCredential') && credentials.create && credentials.get && 'getPublicKey' in response),
    webcrypto: !!(global('crypto') || {}).subtle,
    makesUnusableKeys: unusable.credentials === credentials && unusable.create === credentials.create,
    // Only the browser's `origin` tells that a document has none. It is a getter; what a page puts in its place is not.
    origin: attempt(() => (isGetter('origin') ? globalThis : location).origin),
    mayGet: allows('get'),
    mayCreate: allows('create'),
    platform: (navigator.userAgentData || {}).platform,
    userAgent: navigator.userAgent,
    maxTouchPoints: navigator.maxTouchPoints,
  }
  return snapshot(found, Object.keys(found).join(' '))
}

// --- Key store

/** Keys that a storage did not take, by storage. */
const memories = new WeakMap()

const memoryOf = (settings) => {
  const storage = settings.storage || memories
  if (!memories.has(storage)) memories.set(storage, new Map())
  return memories.get(storage)
}

// The page's own storage, or localStorage; reading that throws where cookies are blocked, in sandboxed frames and in
// file: pages.
const storageOf = (settings) => settings.storage || localStorage

/** What the page's own storage has under that name; a text, or nothing. */
const getItem = (settings, name) => memoryOf(settings).get(name) || storageOf(settings).getItem(name)

/**
 * A snapshot of the record of that name; of nothing where there is none that can be read. Where a page's storage answers
 * with anything but a text, `wrong` tells its type: taken for nothing, it would have each start make a key.
 */
export const load = (settings, name, paths) => {
  const item = attempt(() => getItem(settings, name))
  if (item != null && typeof item !== 'string') return snapshot({ wrong: String(toString.call(item)) }, 'wrong')
  return snapshot(
    attempt(() => JSON.parse(item)),
    paths,
  )
}

/** Remembers the record, at least as long as the page lives. */
export const save = (settings, name, record) => {
  memoryOf(settings).delete(name)
  attempt(() => storageOf(settings).setItem(name, record))
  // Some storages drop what they are given, and say nothing.
  if (attempt(() => getItem(settings, name)) !== record) memoryOf(settings).set(name, record)
}

/** Forgets the record of that name. */
export const forget = (settings, name) => {
  memoryOf(settings).delete(name)
  attempt(() => storageOf(settings).removeItem(name))
  // A page's own storage need not have that.
  if (attempt(() => getItem(settings, name))) attempt(() => storageOf(settings).setItem(name, ''))
}

/**
 * Tells the platform of a key that no server knows (WebAuthn Level 3, §5.1.10). Most browsers take it since 2025; it may take
 * its time, and say no.
 */
export const signalUnknownCredential = (key) =>
  attempt(() => Promise.resolve(PublicKeyCredential.signalUnknownCredential(key)).catch(() => {}))

// --- Encoding

/** Base64 with padding. */
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes))

/** Base64url without padding. */
export const base64url = (bytes) =>
  base64(bytes).replace(/[+/=]/g, (digit) => ({ '+': '-', '/': '_' })[digit] || '')

/** The bytes of base64url. */
export const decode = (text) => {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** The UTF-8 of a text. */
export const utf8 = (text) => new TextEncoder().encode(text)

/** The UTF-8 of a text, base64url. */
export const encodeText = (text) => base64url(utf8(text))

/** 32 random bytes, base64url; empty where there are none to give. */
export const random = () => attempt(() => base64url(crypto.getRandomValues(new Uint8Array(32)))) || ''

const isEntries = (value) => Array.isArray(value) && Array.isArray(value[0])

/** What Rust hands over, with objects for their entries. */
export const plain = (value) =>
  isEntries(value) ? Object.fromEntries(value.map(([name, value]) => [name, plain(value)])) : value

// The same with objects that inherit from nothing: a page's `Object.prototype.toJSON` would be asked for what to write.
const bare = (value) =>
  isEntries(value)
    ? Object.assign(Object.create(null), Object.fromEntries(value.map(([name, value]) => [name, bare(value)])))
    : value

/** JSON without spaces. */
export const json = (value) => JSON.stringify(bare(value))
