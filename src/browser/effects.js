// Performs what a call wants done, by navigator.credentials and WebCrypto, between the browser's buffers and the base64url
// of WebAuthn's JSON forms; and watches for what ends it meanwhile. What an answer is worth is decided in Rust.

import { attempt, base64, base64url, decode, signalUnknownCredential, snapshot, utf8 } from './page.js'

const { toString } = Object.prototype

// Anything but a buffer has no bytes: browser extensions that stand in for the browser hand out odd things.
const bytes = (buffer) => new Uint8Array(/(ArrayBuffer|Uint8Array)\]$/.test(toString.call(buffer)) ? buffer : 0)

const sha256 = (data) => crypto.subtle.digest('SHA-256', data)

// The browser's own timer runs this much longer than the call's, in milliseconds, so that it is the call's that ends a
// ceremony and the reason is known.
const TIMER_SLACK = 5_000

// A promise that nobody may ever ask for.
const later = (promise) => {
  promise.catch(() => {})
  return promise
}

// Decoding drops a byte order mark, as §7.2 step 7 of WebAuthn Level 3 asks for.
const parse = (data) => attempt(() => JSON.parse(new TextDecoder().decode(data)))

// What a method answers; undefined where it is missing or throws, as behind some browser extensions.
const ask = (target, method) => attempt(() => target[method]())

// The request leaves in this very call, while the click lasts. What has to be known later is found out meanwhile.
const request = async (method, publicKey, rpId, signal) => {
  const [credential, rpIdHash] = await Promise.all([
    navigator.credentials[method]({ publicKey, signal }),
    sha256(utf8(rpId)),
  ])
  // The specification allows null where no credential source is found.
  if (!credential) throw `navigator.credentials.${method} answered ${credential}`
  const response = credential.response || {}
  const id = bytes(credential.rawId)
  const clientDataJSON = bytes(response.clientDataJSON)
  return {
    credential,
    response,
    rawId: id,
    id: base64url(id),
    clientData: parse(clientDataJSON),
    clientDataJSON: base64url(clientDataJSON),
    clientDataHash: later(sha256(clientDataJSON)),
    rpIdHash: bytes(rpIdHash),
  }
}

const descriptor = (id, transports) => ({ type: 'public-key', id: decode(id), transports })

// Prefers the device's own authenticator in browsers that know hints (Chromium 128).
const hints = (platform) => (platform ? ['client-device'] : [])

const PARAMETERS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256', cose: -7 },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', cose: -257 },
}

/** Makes a key. */
const create = async (wish, signal) => {
  const { rpName, user = {} } = wish.settings
  const name = user.name || user.id || wish.rpId
  const publicKey = {
    rp: { id: wish.rpId, name: rpName || wish.rpId },
    user: { id: decode(wish.userHandle), name, displayName: user.displayName || name },
    challenge: decode(wish.challenge),
    // What every WebCrypto can check: ES256, and RS256, which Windows Hello makes on many machines.
    pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
    timeout: wish.deadline + TIMER_SLACK,
    excludeCredentials: wish.keyId ? [descriptor(wish.keyId)] : [],
    authenticatorSelection: {
      authenticatorAttachment: wish.attachment ? 'platform' : undefined,
      // The nearest to SOTER's key, which never leaves the device: on Android this goes to the authenticator that
      // does not sync.
      residentKey: 'discouraged',
      userVerification: 'required',
    },
    hints: hints(wish.isPlatform),
    attestation: 'none',
  }
  const answer = await request('create', publicKey, wish.rpId, signal)
  const { response } = answer
  return {
    ...answer,
    attestationObject: bytes(response.attestationObject),
    authenticatorData: bytes(ask(response, 'getAuthenticatorData')),
    publicKey: base64url(bytes(ask(response, 'getPublicKey'))),
    publicKeyAlgorithm: ask(response, 'getPublicKeyAlgorithm'),
  }
}

const texts = (list) => (Array.isArray(list) ? list.filter((text) => typeof text === 'string') : [])

/**
 * What a page gets of a new key: RegistrationResponseJSON (§5.1). toJSON() is missing before Chromium 129 and Safari 18.4, and
 * so may be any accessor, so what was checked is told.
 */
const registration = ({ credential, response, id, clientDataJSON, attestationObject }, wish) => ({
  id,
  rawId: id,
  type: 'public-key',
  response: {
    clientDataJSON,
    attestationObject: base64url(attestationObject),
    authenticatorData: wish.authenticatorData,
    transports: texts(ask(response, 'getTransports')),
    publicKey: wish.publicKey,
    publicKeyAlgorithm: PARAMETERS[wish.algorithm].cose,
  },
  authenticatorAttachment: credential.authenticatorAttachment || undefined,
  clientExtensionResults: {},
})

/** Signs with a key. */
const get = async (wish, signal) => {
  const publicKey = {
    challenge: decode(wish.challenge),
    timeout: wish.deadline + TIMER_SLACK,
    rpId: wish.rpId,
    // A request has no attachment; the transport is what keeps phones and security keys out.
    allowCredentials: [descriptor(wish.keyId, wish.isPlatform ? ['internal'] : undefined)],
    userVerification: 'required',
    hints: hints(wish.isPlatform),
  }
  const asked = request('get', publicKey, wish.rpId, signal)
  // The key is made ready while the authenticator works.
  const key = later(importKey(wish))
  const answer = await asked
  const authenticatorData = bytes(answer.response.authenticatorData)
  const signature = bytes(answer.response.signature)
  return {
    ...answer,
    key,
    authenticatorData,
    authenticatorDataBase64url: base64url(authenticatorData),
    signature,
    signatureBase64: base64(signature),
  }
}

/** The key for WebCrypto. */
export const importKey = async ({ algorithm, publicKey }) =>
  crypto.subtle.importKey('spki', decode(publicKey), PARAMETERS[algorithm], false, ['verify'])

/** Whether the signature is the key's over what was answered. Rejects where it cannot tell. */
export const verify = async ({ algorithm, signature }, { key, authenticatorData, clientDataHash }) => {
  const hash = bytes(await clientDataHash)
  const signed = new Uint8Array(authenticatorData.length + hash.length)
  signed.set(authenticatorData)
  signed.set(hash, authenticatorData.length)
  return crypto.subtle.verify(PARAMETERS[algorithm], await key, signature, signed)
}

/** Whether a user-verifying platform authenticator is set up. Gecko may reject. */
const isAvailable = async () => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()

// Each effect resolves with an event.

const said = (said) => ({ event: 'said', said })

// A thrown string is its own message.
const failed = (event, error) => ({ event, error: typeof error === 'string' ? { message: error } : error })

const answered = (call, answer) => {
  call.answered = answer
  return { ...answer, event: 'answered' }
}

const effects = {
  create: async (call, wish) => answered(call, await create(wish, call.signal)),
  get: async (call, wish) => answered(call, await get(wish, call.signal)),
  verify: (call, wish) => verify(wish, call.answered).then(said, () => said(false)),
  tellPage: async (call, wish) => {
    try {
      const { onKeyCreated } = wish.settings
      if (onKeyCreated) await onKeyCreated(registration(call.answered, wish), { uid: wish.userHandle })
      return said(true)
    } catch (error) {
      // Nobody will ask for this key; the person need not find one more in their list after each try.
      signalUnknownCredential({ rpId: wish.rpId, credentialId: call.answered.id })
      return failed('enrolment-refused', error)
    }
  },
  askForClick: async ({ shown }) => {
    try {
      await shown.askForClick()
      return said(true)
    } catch {
      // There is no button, or it has gone.
      return said(false)
    }
  },
  askAvailability: () => isAvailable().then(said, () => said()),
}

// The deadline; and before a key is made, whether there is an authenticator at all: browsers may let a request without one
// hang. A key that is remembered was made by one, and the question costs a tenth of the whole call.
const watch = (call, effect, wish) => {
  call.isWatched = true
  // A call that had to wait for the module has a timer already.
  call.timer = call.timer || setTimeout(call.interrupt, wish.deadline, { event: 'timeout' })
  if (wish.isPlatform && effect === 'create') {
    effects.askAvailability().then(({ said }) => said === false && call.interrupt({ event: 'unavailable' }))
  }
}

// The event that an effect ends with, or one that ends the call meanwhile.
const eventOf = async (call, effect, wish) => {
  const started = Date.now()
  try {
    const performed = effects[effect](call, wish).catch((error) => ({
      ...failed('refused', error),
      elapsed: Date.now() - started,
    }))
    if (!call.isWatched) watch(call, effect, wish)
    return await Promise.race([performed, call.interrupted])
  } catch (error) {
    return failed('failed', error)
  }
}

/**
 * Performs an effect; the call is told of the event that it ends with. The request to the authenticator leaves in this very
 * call, while the click lasts.
 */
export const perform = (call, effect, settings, rpId, texts, view, isPlatform, attachment, deadline, paths) => {
  const [userHandle, challenge, keyId, algorithm, publicKey, authenticatorData] = texts.split('\0')
  // The view is of the module's memory, which goes on to hold something else.
  const signature = view.slice()
  const wish = {
    settings,
    rpId,
    userHandle,
    challenge,
    keyId,
    algorithm,
    publicKey,
    authenticatorData,
    signature,
    isPlatform,
    attachment,
    deadline,
  }
  call.expect(eventOf(call, effect, wish), paths)
}

/** Shows the prompt, a function of the page or of the loader. Answers with a snapshot of what it throws, or nothing. */
export const show = (call, paths, settings, authContent, authMode) => {
  const { prompt, lang } = settings
  if (typeof prompt !== 'function') return ''
  const fail = (error) => failed('prompt', error)
  try {
    call.shown = prompt({
      authContent,
      authMode,
      lang,
      signal: call.signal,
      cancel: () => call.interrupt({ event: 'cancelled' }),
    })
    Promise.resolve(call.shown).catch((error) => call.interrupt(fail(error)))
    return ''
  } catch (error) {
    return snapshot(fail(error), paths)
  }
}
