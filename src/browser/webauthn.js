// navigator.credentials and WebCrypto, between the browser's buffers and the base64url of WebAuthn's JSON forms.
// What an answer is worth is decided in Rust.

// Anything but a buffer has no bytes: browser extensions that stand in for the browser hand out odd things.
const bytes = (buffer) => new Uint8Array(buffer && typeof buffer === 'object' ? buffer : 0)

const base64 = (data) => btoa(String.fromCharCode(...data))

const base64url = (data) => base64(data).replace(/[+/=]/g, (digit) => ({ '+': '-', '/': '_' })[digit] || '')

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/[-_]/g, (digit) => (digit === '-' ? '+' : '/'))), (char) => char.charCodeAt(0))

const utf8 = (text) => new TextEncoder().encode(text)

const sha256 = (data) => crypto.subtle.digest('SHA-256', data)

/** The UTF-8 of a text, base64url. */
export const encodeText = (text) => base64url(utf8(text))

/** 32 random bytes, base64url; empty where there are none to give. */
export const random = () => {
  try {
    return base64url(crypto.getRandomValues(new Uint8Array(32)))
  } catch {
    return ''
  }
}

const parse = (data) => {
  try {
    // Decoding drops a byte order mark, as §7.2 step 7 of WebAuthn Level 3 asks for.
    return JSON.parse(new TextDecoder().decode(data))
  } catch {}
}

// What a method answers; undefined where it is missing or throws, as behind some browser extensions.
const ask = (target, method) => {
  try {
    return target[method]()
  } catch {}
}

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
    rpIdHash: bytes(rpIdHash),
  }
}

const descriptor = (id, transports) => ({ type: 'public-key', id: decode(id), transports })

// Prefers the device's own authenticator in browsers that know hints (Chromium 128).
const hints = (platform) => (platform ? ['client-device'] : [])

/** Makes a key. */
export const create = async (wish, signal) => {
  const publicKey = {
    rp: { id: wish.rpId, name: wish.rpName },
    user: { id: decode(wish.userHandle), name: wish.userName, displayName: wish.userDisplayName },
    challenge: decode(wish.challenge),
    // What every WebCrypto can check: ES256, and RS256, which Windows Hello makes on many machines.
    pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
    timeout: wish.timeout,
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
  const { credential, response, id } = answer
  const authenticatorData = bytes(ask(response, 'getAuthenticatorData'))
  const spki = base64url(bytes(ask(response, 'getPublicKey')))
  const publicKeyAlgorithm = ask(response, 'getPublicKeyAlgorithm')
  return {
    ...answer,
    authenticatorData,
    publicKey: spki,
    publicKeyAlgorithm,
    // RegistrationResponseJSON (§5.1); toJSON() is missing before Chromium 129 and Safari 18.4.
    registration: {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: answer.clientDataJSON,
        attestationObject: base64url(bytes(response.attestationObject)),
        authenticatorData: base64url(authenticatorData),
        transports: ask(response, 'getTransports') || [],
        publicKey: spki,
        publicKeyAlgorithm,
      },
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: {},
    },
  }
}

/** Signs with a key. */
export const get = async (wish, signal) => {
  const publicKey = {
    challenge: decode(wish.challenge),
    timeout: wish.timeout,
    rpId: wish.rpId,
    // A request has no attachment; the transport is what keeps phones and security keys out.
    allowCredentials: [descriptor(wish.keyId, wish.isPlatform ? ['internal'] : undefined)],
    userVerification: 'required',
    hints: hints(wish.isPlatform),
  }
  const answer = await request('get', publicKey, wish.rpId, signal)
  const authenticatorData = bytes(answer.response.authenticatorData)
  const signature = bytes(answer.response.signature)
  return {
    ...answer,
    authenticatorData,
    authenticatorDataBase64url: base64url(authenticatorData),
    signature,
    signatureBase64: base64(signature),
  }
}

const PARAMETERS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
}

/** Whether the signature is the key's over what was answered. Rejects where it cannot tell. */
export const verify = async ({ algorithm, publicKey, signature }, { authenticatorData, clientDataJSON }) => {
  const parameters = PARAMETERS[algorithm]
  const [key, hash] = await Promise.all([
    crypto.subtle.importKey('spki', decode(publicKey), parameters, false, ['verify']),
    sha256(decode(clientDataJSON)),
  ])
  return crypto.subtle.verify(parameters, key, signature, new Uint8Array([...authenticatorData, ...bytes(hash)]))
}

/** Whether a user-verifying platform authenticator is set up. Gecko may reject. */
export const isAvailable = async () => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()
