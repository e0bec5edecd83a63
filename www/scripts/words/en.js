/** @import { Reason } from '../../../pkg/types/index.js' */

export const title = 'wx-soter: try it on this device';
export const otherLanguage = '中文';
export const sampleContent = 'Pay 12.00 to the corner shop';

export const checking = 'Looking…';
export const ready = ['This device can verify you'];
export const notSetUp = [
  'Nothing is set up to verify you yet',
  'This system can do it, but no finger, face or PIN is set up for it. Do that in the system’s settings, then come back.',
];
export const othersMayAnswer = [
  'A security key or a phone can answer',
  'This device has nothing set up itself; the browser will offer what it finds.',
];
export const unsupported = [
  'This device cannot verify you',
  'WeChat’s rules answer this with success and an empty list of modes, and no reason.',
];
export const emulatorReady = ['The emulator is ready', 'It plays the whole flow, and verifies nobody.'];
export const emulatorNotSetUp = ['Nothing is enrolled on the emulated device', 'Enrol a finger or a face below.'];
export const emulatorUnsupported = ['The emulated device is not supported', 'It has no mode to offer.'];
export const emulatorNotLoaded = [
  'The emulator did not load',
  'pkg/dist/emulator.js is missing or was blocked; this device goes on. Run cargo xtask demo, which builds it, and try the switch again.',
];
export const emulatorSigned = 'This is the emulator: nobody was verified, and a key in this page has signed your challenge.';
export const emulatorUnsigned = 'This is the emulator: nobody was verified. Without a challenge there is no signature to show.';
export const emulatorPassed = (/** @type {string} */ time) => `Emulated in ${time}`;
export const notRecognised = (/** @type {number} */ attempt) => `Not recognised. Try again: attempt ${attempt}`;
export const securePage = 'Secure page';
export const webauthn = 'WebAuthn';
export const setUp = 'Set up';
export const modesFound = 'Modes';
export const yes = 'yes';
export const no = 'no';
export const noModes = 'none';

export const supportFound = 'Supported here';
export const enrolledFound = 'Somebody is enrolled';
export const notEnrolledFound = 'Nobody is enrolled';
export const verified = (/** @type {string} */ time) => `Verified in ${time}`;
export const signed = 'A person was verified on this device just now, and your challenge was signed.';
export const unsigned = 'A person was verified on this device just now. Without a challenge there is no signature to show.';
export const newKey = (/** @type {string} */ name) => `A new key was made for ${name} first.`;
export const seeResult = 'See the result';
export const cancel = 'Cancel';
export const continueButton = 'Continue';

export const noResult =
  'Authenticate, and the signed result appears here field by field: who was verified, by which key, for which challenge.';
export const nothingSigned =
  'No challenge, no signed result: this page knows that a person was verified, but has nothing to prove it to a server.';
export const theCall = 'The answer';
export const flags = 'What the authenticator vouches for';
export const flagsHint = 'Authenticator data, flags byte';
export const flagNames = {
  userPresent: 'A person was there',
  userVerified: 'The person was verified',
  backupEligible: 'The key may be backed up',
  backedUp: 'The key is backed up',
};
export const clientData = 'What the browser vouches for';
export const challengeMatches = 'yes, the UTF-8 of raw';
export const challengeDiffers = 'no';
export const signedChallenge = 'challenge is yours';
export const noCounter = 'this authenticator keeps none';
export const signature = 'Signature';
export const bytes = (/** @type {number} */ count) => `${count} bytes`;
export const verifiable = 'A server that knows the public key can check this result: the signature covers everything above.';
export const copyResult = 'Copy result';
export const copyResponse = 'Copy as WebAuthn JSON';
export const copyCode = 'Copy';
export const copied = 'Copied';
export const notCopied = 'Not copied';
export const whatFailed = 'What failed';

export const noServer =
  'This page came without a server that checks results, and a result that nobody checks proves nothing to a server. Run cargo xtask demo: it puts soter-server behind this page.';
export const verdictToCome =
  'Authenticate, and this page’s server checks the result: that it answers the challenge which the server issued, for the first time, and is signed by the key that it registered.';
export const serverChecks = 'The server is checking the result…';
export const nothingToCheck = 'Without a challenge nothing was signed, and there is nothing for a server to check.';
export const accepted = [
  'Accepted',
  'The key that this server registered has signed the challenge that it issued, for this page, after verifying a person. The result is good once.',
];
export const acceptedEmulated = [
  'Accepted, though nobody was verified',
  'Key and signature are real. A server sees nothing else in a result. The key itself says that it is an emulator’s, when it is registered.',
];
export const refused = 'Refused';
export const keyRefused = 'The server refused the new key';
export const keyUnknown = [
  'The server does not know this key',
  'It has forgotten the key, or never had it. A key is registered only when it is made, so a new one is needed: this page calls forgetKey, and the next use makes one.',
];
export const startAgain = 'Forget the key and start again';
export const serverSilent = [
  'The server does not answer',
  'Nothing was checked, so nothing is proven. Is cargo xtask demo still running?',
];
export const cheatRefused = {
  replay: 'Sent again: refused',
  counter: 'Counter edited: refused',
  challenge: 'Challenge edited: refused',
  signature: 'Signature edited: refused',
  account: 'Sent as the other account: refused',
};
export const cheated = ['Accepted, and that must not happen', 'The server has a bug. Please report it.'];

/**
 * For each `reason` of the server, what it means.
 *
 * @type {Record<string, string>}
 */
export const refusals = {
  'challenge-used':
    'This challenge has its answer. Each is good for one, so whoever overheard a result gains nothing by sending it again.',
  'challenge-expired': 'The challenge was issued too long ago.',
  'challenge-unknown': 'The server did not issue this challenge. Press New for one of its own.',
  'challenge-mismatch': 'raw is not the challenge that was signed: somebody edited it.',
  'result-counter-mismatch': 'counter is not the one that was signed: somebody edited it.',
  'signature-invalid': 'The registered key has not made this signature for this result.',
  'sign-count-not-increased':
    'The key’s counter has not grown since its last result: this one is old, or there are two copies of the key.',
  'credential-unknown': 'No such key is registered for this account. Whose a key is was settled when it was registered.',
  'credential-registered': 'The server has this key already.',
  'too-many-keys': 'The server keeps no more keys for this account. Press “Forget on the server” to make room.',
  'origin-not-allowed': 'It was made on another page than the server’s.',
  'rp-id-mismatch': 'It was made for another domain than the server’s.',
  'user-not-verified': 'The authenticator has not verified anybody.',
  other: 'The check that it did not pass is named below.',
};

export const sameObject = 'the same object';
export const returned = 'a promise';

export const noKey = (/** @type {string} */ name) =>
  `${name} has no key on this device. The next use makes one; this page then remembers which one it is, and no secret.`;
export const keyHere = (/** @type {string} */ name) => `${name}’s key here:`;
/** @type {(name: string, hasServer: boolean) => string} */
export const forgotten = (name, hasServer) =>
  hasServer
    ? `Forgotten here. Authenticate again, and ${name} has a new key, which this page’s server gets to know.`
    : `Forgotten. Authenticate again, and ${name} has a new key.`;
export const nothingToForget = (/** @type {string} */ name) => `There was no key of ${name}’s to forget.`;
export const forgottenAtServer = (/** @type {string} */ name) =>
  `The server has forgotten ${name}’s keys. Authenticate and see: it refuses the result, and this page offers a way out.`;
export const unknownToServer = (/** @type {string} */ name) => `The server had no key of ${name}’s.`;

export const byFile = 'One script with everything inside, for pages that want one file.';
export const byLoader =
  'A small script has the calls. The rest, in two files beside it, comes when the page is idle or at the first call.';
export const tryFile = 'Reload with everything in one script';
export const tryLoader = 'Reload with the small loader';
export const callsThere = 'the calls are there';
export const firstCall = 'first call';
export const firstAnswer = 'first answer';

/**
 * For each `reason`: a title, and what to do.
 *
 * @type {Record<Reason | 'not-loaded', string[]>}
 */
export const reasons = {
  'insecure-context': [
    'This page did not come securely',
    'Browsers allow this only over HTTPS, or on localhost. Open the https:// address of this page.',
  ],
  'no-webauthn': [
    'This browser has no WebAuthn',
    'Use a current Chrome, Safari, Edge or Firefox. Browsers inside other apps often lack it: open the page in the system’s own.',
  ],
  'invalid-host': [
    'This address will not do',
    'WebAuthn needs a domain name or localhost, not an IP address and not a file. Open the page by its name.',
  ],
  'blocked-by-policy': [
    'The page around this one forbids it',
    'Its frame needs allow="publickey-credentials-get; publickey-credentials-create", and no Permissions-Policy header may forbid them.',
  ],
  'no-platform-authenticator': [
    'No finger, face or PIN to ask for',
    'This computer has no fingerprint reader, face or PIN that browsers can use. Try it on a phone, or let security keys and phones answer in the settings.',
  ],
  'mode-not-supported': ['None of these modes is there', 'Ask for a mode that this device supports, or for none in particular.'],
  'bad-challenge': ['The challenge will not do', 'It has to be 1 to 512 characters long.'],
  'bad-auth-content': ['The text is too long', 'What the person agrees to may be 42 characters long at most.'],
  'bad-parameter': [
    'A field is missing or of the wrong type',
    'The message names it. WeChat’s rules demand challenge, requestAuthModes and checkAuthMode.',
  ],
  'enrolment-refused': ['The new key was refused', 'The page’s onKeyCreated did not accept it.'],
  timeout: ['Nobody answered in time', 'Try again, or give it more time in the settings.'],
  busy: ['Another authentication is open', 'Finish or cancel that one first; it goes on undisturbed.'],
  'webassembly-blocked': [
    'WebAssembly is blocked',
    "A content security policy without 'wasm-unsafe-eval', or the browser’s lockdown mode, keeps the module from starting. wx-soter.no-wasm.js needs none.",
  ],
  'not-focused': ['The page was not in front', 'Click into the page and try again.'],
  internal: ['Something went wrong', 'The details below say what.'],
  cancelled: ['You cancelled', 'Nothing was signed. Press Authenticate to try again.'],
  'not-allowed': ['Cancelled, or not recognised', 'The browser does not say which. Press Authenticate to try again.'],
  'not-verified': [
    'The answer does not hold',
    'User verification, challenge, origin, key or signature is not right, so it was not accepted.',
  ],
  'locked-out': ['Too many tries', 'Wait half a minute and try again.'],
  'not-enrolled': [
    'Nothing is set up on this device',
    'Set up a finger, a face or a PIN in the system’s settings, then try again.',
  ],
  'not-loaded': [
    'wx-soter did not load',
    'Its script in pkg/dist/ is missing or was blocked. Run cargo xtask demo, which builds it and serves this page.',
  ],
};
