// The README's way from page to server, as it stands there: its page in Chromium, its backend on Express.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { ROOT, consumer, install } from '../consumers/installed.mjs'
import { open } from '../package/chromium.mjs'
import { newOpenid, startServer } from './soter-server.mjs'

await install('express@5.3.0')
const express = createRequire(`${consumer}/`)('express')

const codeOf = async (file) => {
  const text = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
  const section = text.split(/^## (?:From page to server|从页面到服务器)$/m)[1].split('\n## ')[0]
  return [...section.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code)
}
const [PAGE, BACKEND] = await codeOf('README.md')

/** The page's site with the backend in it, and soter-server behind. */
const serve = async (t) => {
  const openid = newOpenid()
  const app = express()
  const listening = app.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  t.after(() => {
    listening.closeAllConnections()
    listening.close()
  })
  const origin = `http://localhost:${listening.address().port}`
  const server = await startServer({ origin, settings: { SOTER_CHALLENGES: 'issued' } })
  const names = ['app', 'express', 'accountOf', 'SOTER_SERVER', 'ACCESS_TOKEN']
  new Function(...names, BACKEND)(app, express, () => openid, `http://${server.address}`, server.token)
  app.use('/pkg', express.static(`${ROOT}/pkg`))
  const head = '<!doctype html><link rel="icon" href="data:,">'
  app.get('/', (request, response) => response.send(`${head}<script src="/pkg/dist/wx-soter.global.js"></script>`))
  return origin
}

/** What became of the page's code. */
const run = (page) =>
  page.evaluate(async (code) => {
    const AsyncFunction = (async () => {}).constructor
    return new AsyncFunction(code)().then(
      () => 'done',
      (error) => error.message
    )
  }, PAGE)

test('both languages have the same code', async () => {
  assert.deepEqual(await codeOf('README.zh-CN.md'), [PAGE, BACKEND])
})

test('a key is registered, and each result is accepted once', async (t) => {
  const origin = await serve(t)
  const { page } = await open(t, origin)
  const sent = []
  page.on('request', (request) => request.method() === 'POST' && sent.push(request))
  assert.equal(await run(page), 'done')
  assert.equal(await run(page), 'done')
  const calls = sent.map((request) => request.url().split('/').at(-1))
  const later = ['get_challenge', 'verify_signature']
  assert.deepEqual(calls, ['get_challenge', 'register_key', 'verify_signature', ...later])

  const post = async (call, body) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${origin}/soter/${call}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return [response.status, await response.json()]
  }
  const [status, answer] = await post('verify_signature', sent.at(-1).postDataJSON())
  assert.deepEqual([status, answer.reason], [403, 'challenge-used'])
  // What only the backend may say is not taken from the page.
  const { registration } = sent[1].postDataJSON()
  const { clientDataJSON } = registration.response
  const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url'))
  const own = { registration, challenge: Buffer.from(challenge, 'base64url').toString(), openid: 'somebody else' }
  const [, refused] = await post('register_key', own)
  assert.equal(refused.reason, 'challenge-used')
})

test('a page that signs a challenge of its own is refused', async (t) => {
  const { page } = await open(t, await serve(t))
  const made = PAGE.replace("await post('/soter/get_challenge', {})", "{ challenge: 'made by the page' }")
  assert.notEqual(made, PAGE)
  const outcome = await page.evaluate(async (code) => {
    const AsyncFunction = (async () => {}).constructor
    return new AsyncFunction(code)().then(() => 'done', (error) => error.reason)
  }, made)
  assert.equal(outcome, 'enrolment-refused')
})
