import { DurableObject } from 'cloudflare:workers'
import { VerificationError, verifyRegistration, verifyResult } from 'wx-soter/server'

const random = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The HTTP status of what a check says, and its reason where it refuses. */
const settled = async (check) => {
  try {
    await check
    return { status: 204 }
  } catch (error) {
    if (error instanceof VerificationError) return { status: 403, reason: error.reason }
    throw error
  }
}

/** An account: its keys, and the challenge that is open. Nothing else looks at storage while one of its methods waits for it. */
export class Account extends DurableObject {
  /** Makes a challenge for an order. */
  async challenge(order) {
    const challenge = random()
    await this.ctx.storage.put('open', { challenge, order, until: Date.now() + 120_000 })
    return challenge
  }

  /** Stores a new key, which is made for the open challenge and does not take it. */
  async addKey(registration) {
    const open = await this.#open()
    if (!open) return { status: 409, reason: 'no-challenge' }
    return settled(this.#store(registration, open))
  }

  /** Checks a result, and then does what its challenge was made for. */
  async verify(result) {
    const open = await this.#open()
    // Before anything else is awaited: of two that come at once one is too late.
    await this.ctx.storage.delete('open')
    if (!open) return { status: 409, reason: 'no-challenge' }
    return settled(this.#confirm(result, open))
  }

  async #store(registration, open) {
    const { key } = await verifyRegistration(registration, this.#expected(open))
    await this.ctx.storage.put(`key:${key.id}`, key)
  }

  async #confirm(result, open) {
    const keys = await this.ctx.storage.list({ prefix: 'key:' })
    const { key } = await verifyResult(result, { ...this.#expected(open), key: [...keys.values()] })
    await this.ctx.storage.put(`key:${key.id}`, key)
    console.log(`order ${open.order} is paid for`)
  }

  async #open() {
    const open = await this.ctx.storage.get('open')
    return open?.until > Date.now() ? open : undefined
  }

  #expected({ challenge }) {
    return { origin: this.env.ORIGIN, rpId: this.env.RP_ID, challenge }
  }
}
