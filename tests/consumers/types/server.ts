// What a server in TypeScript writes.
import {
  type StoredKey,
  type VerifiedRegistration,
  type VerifiedResult,
  VerificationError,
  verifyAssertion,
  verifyRegistration,
  verifyResult
} from 'wx-soter/server'

const here = { challenge: 'c', origin: ['https://shop.example'] as const, rpId: 'shop.example' }

export const register = async (body: unknown): Promise<StoredKey> => {
  const made: VerifiedRegistration = await verifyRegistration(JSON.stringify(body), { ...here, attestation: { none: false } })
  const type: 'none' | 'self' | 'uncertain' = made.attestation.type
  return type === 'none' ? made.key : { ...made.key, counter: 0 }
}

export const check = async (body: { resultJSON: string; resultJSONSignature: string }, key: StoredKey) => {
  try {
    const verified: VerifiedResult = await verifyResult(body, { ...here, key, uid: new Uint8Array(1), onCounter: 'report' })
    return verified.counterState satisfies 'not-kept' | 'increased' | 'not-increased'
  } catch (error) {
    if (error instanceof VerificationError) return [error.reason, error.step?.length]
    throw error
  }
}

verifyAssertion({}, { ...here, key: [] })
// A counter that the store keeps beside the key.
export const checkCounted = async (body: { resultJSON: string; resultJSONSignature: string }, stored: StoredKey) => {
  const { counter, ...key } = stored
  await verifyResult(body, { ...here, key, counter })
  await verifyResult(body, { ...here, key: [key], counter })
  await verifyResult(body, { ...here, key: [stored, { ...key, counter }] })
  // @ts-expect-error of several keys each has a counter of its own
  await verifyResult(body, { ...here, key: [key, stored], counter })
}
// @ts-expect-error
verifyResult({ resultJSON: '', resultJSONSignature: '' }, here)
// @ts-expect-error
verifyRegistration({}, { challenge: 'c', origin: 'https://shop.example' })
// @ts-expect-error
verifyRegistration({}, { ...here, origins: [] })
// @ts-expect-error
verifyRegistration({}, { ...here, userVerification: 'preferred' })
// @ts-expect-error
if (verifyResult({ resultJSON: '', resultJSONSignature: '' }, { ...here, key: [] }) === true) throw 0
