/** By the key's type, of which there is one for each algorithm. */
const ALGORITHMS = {
  EC: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RSA: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  OKP: { name: 'Ed25519' },
};

/**
 * Whether a signature holds, says the host's WebCrypto. It does not where the host cannot use the key.
 *
 * @param {{ jwk: any, message: number[], signature: number[] }} asked
 * @returns {Promise<boolean>}
 */
export const holds = async ({ jwk, message, signature }) => {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new Error('wx-soter/server needs WebCrypto, and there is no crypto.subtle');
  const algorithm = ALGORITHMS[jwk.kty];
  try {
    const key = await subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
    return (await subtle.verify(algorithm, key, Uint8Array.from(signature), Uint8Array.from(message))) === true;
  } catch {
    return false;
  }
};
