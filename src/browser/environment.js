// What page and device this is.

// Reading some globals throws in places (localStorage is one); none is worth a failure here.
const global = (name) => {
  try {
    return globalThis[name]
  } catch {}
}

// Whether permissions policy allows the feature. Only Blink tells, under the interface's older name; elsewhere the
// ceremony itself will.
const allows = (feature) => {
  const policy = (global('document') || {}).featurePolicy
  return !(policy && policy.allowsFeature && !policy.allowsFeature('publickey-credentials-' + feature))
}

/** A snapshot, for `Environment`. */
export const environment = () => {
  const navigator = global('navigator') || {}
  const credentials = navigator.credentials || {}
  const response = (global('AuthenticatorAttestationResponse') || {}).prototype || {}
  return {
    isSecureContext: global('isSecureContext'),
    // getPublicKey came with Level 2: Chromium 85, Safari 16, Firefox 119.
    webauthn: !!(global('PublicKeyCredential') && credentials.create && credentials.get && 'getPublicKey' in response),
    origin: global('origin'),
    mayGet: allows('get'),
    mayCreate: allows('create'),
    platform: (navigator.userAgentData || {}).platform,
    userAgent: navigator.userAgent,
    maxTouchPoints: navigator.maxTouchPoints,
  }
}
