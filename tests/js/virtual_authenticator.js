// The ways of the virtual authenticator behind this page's navigator.credentials, changed through the driver that
// stands before the browser's own (`webauthn-driver`).

const driver = `http://127.0.0.1:${new URLSearchParams(location.search).get('wx-soter-driver')}/wx-soter/`;

/** Sends a request to the driver; resolves with whether this browser's driver can do that. */
async function tell(method, path, body) {
  const headers = body ? { 'content-type': 'application/json' } : {};
  const response = await fetch(driver + path, { method, headers, body });
  if (response.status === 501) return false;
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return true;
}

/** A willing authenticator without keys, and a page that remembers none. */
export async function reset() {
  localStorage.clear();
  await tell('POST', 'user-verified/true');
  await tell('POST', 'consent/true');
  await tell('POST', 'override', '{}');
  await tell('DELETE', 'credentials');
}

export const setUserVerified = verified => tell('POST', `user-verified/${verified}`);

export const setConsent = consent => tell('POST', `consent/${consent}`);

export const deleteKeys = () => tell('DELETE', 'credentials');

export const spoil = bits => tell('POST', 'override', bits);

/** How many keys of this RP the authenticator holds. */
export async function countKeys() {
  const credentials = await (await fetch(driver + 'credentials')).json();
  // Gecko keeps a junk entry of its own making beside the real ones.
  return credentials.filter(({ rpId }) => rpId === location.hostname).length;
}

/** The remembered key's record. */
export const remembered = () => localStorage.getItem(Object.keys(localStorage).find(name => name.startsWith('wx-soter:')) || '');

/** Changes one member of the remembered key. */
export function alterRemembered(name, value) {
  const key = Object.keys(localStorage).find(name => name.startsWith('wx-soter:'));
  localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), [name]: value }));
}

export const isFirefox = () => navigator.userAgent.includes('Firefox/');
