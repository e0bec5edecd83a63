import { randomBytes } from 'node:crypto'
import express from 'express'
import { VerificationError, verifyRegistration, verifyResult } from 'wx-soter/server'

// The page's origin and its host: https://shop.example and shop.example.
const { PORT = '3000', ORIGIN: origin = `http://localhost:${PORT}` } = process.env
const { RP_ID: rpId = new URL(origin).hostname } = process.env
const here = { origin, rpId }
const keys = new Map() // id → { account, key }. In a database `id` is unique.
const challenges = new Map() // account → the open one. Several processes share a store.
const calls = new Map() // account → how many in this minute
setInterval(() => calls.clear(), 60_000).unref()

export const soter = (accountOf, confirm) => {
  const open = (account) => {
    const found = challenges.get(account)
    return found?.until > Date.now() ? found : undefined
  }
  // Express 4 does not catch what an async handler rejects with: the process would end.
  const caught = (handle) => (request, response, next) => handle(request, response, next).catch(next)
  const identify = caught(async (request, response, next) => {
    const account = await accountOf(request)
    if (!account) return response.sendStatus(401)
    calls.set(account, (calls.get(account) ?? 0) + 1)
    if (calls.get(account) > 60) return response.sendStatus(429)
    response.locals.account = account
    next()
  })
  const router = express.Router()
  const json = express.json({ limit: '300kb' })
  const post = (path, handle) => {
    const answer = async (request, response) => {
      try {
        await handle(response.locals.account, request, response)
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error
        console.warn(`${path}: ${error.reason} (ORIGIN is ${origin})`)
        response.status(403).json({ reason: error.reason })
      }
    }
    router.post(path, identify, json, caught(answer))
  }

  post('/challenge', async (account, request, response) => {
    const { account: expected, order } = request.body ?? {}
    // Since the page was loaded, somebody else may have logged in.
    if (expected !== String(account)) return response.status(409).json({ reason: 'another-account' })
    const challenge = randomBytes(32).toString('base64url')
    challenges.set(account, { challenge, order, until: Date.now() + 120_000 })
    response.json({ challenge })
  })

  // onKeyCreated sends its registration here, and rejects unless this answers 204.
  post('/key', async (account, request, response) => {
    const asked = open(account)
    if (!asked) return response.status(409).json({ reason: 'no-challenge' })
    const { key } = await verifyRegistration(request.body, { ...here, challenge: asked.challenge })
    if (keys.has(key.id)) return response.sendStatus(409)
    keys.set(key.id, { account, key })
    response.sendStatus(204)
  })

  post('/verify', async (account, request, response) => {
    const asked = open(account)
    challenges.delete(account) // before anything is awaited: of two that come at once one is too late
    if (!asked) return response.status(409).json({ reason: 'no-challenge' })
    const theirs = [...keys.values()].filter((row) => row.account === account).map((row) => row.key)
    const { key } = await verifyResult(request.body, { ...here, challenge: asked.challenge, key: theirs })
    keys.set(key.id, { account, key }) // in a database: if the counter there is still lower, or both are 0
    await confirm(account, asked.order) // the order that the challenge was made for, not one that was sent now
    response.sendStatus(204)
  })

  return router
}
