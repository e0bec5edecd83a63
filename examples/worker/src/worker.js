// The same three routes as of the Express example, by fetch and WebCrypto alone.
import { Hono } from 'hono'
import { getSignedCookie, setSignedCookie } from 'hono/cookie'
import { HTTPException } from 'hono/http-exception'

export { Account } from './account.js'

const app = new Hono()

// Your log-in stands here. This one believes whatever name it is told.
app.post('/log-in', async (context) => {
  const { account } = await context.req.json()
  const cookie = { httpOnly: true, sameSite: 'Strict', path: '/' }
  await setSignedCookie(context, 'account', String(account), context.env.SESSION_SECRET, cookie)
  return context.body(null, 204)
})

/** Who is logged in, and the object of the account. */
const loggedIn = async (context) => {
  const name = await getSignedCookie(context, context.env.SESSION_SECRET, 'account')
  if (!name) throw new HTTPException(401, { message: 'nobody is logged in' })
  return { name, account: context.env.ACCOUNTS.get(context.env.ACCOUNTS.idFromName(name)) }
}

const answer = (context, { status, reason }) => {
  if (!reason) return context.body(null, status)
  console.warn(`${context.req.path}: ${reason} (ORIGIN is ${context.env.ORIGIN})`)
  return context.json({ reason }, status)
}

app.post('/soter/challenge', async (context) => {
  const { name, account } = await loggedIn(context)
  const { account: expected, order } = await context.req.json()
  // Since the page was loaded, somebody else may have logged in.
  if (expected !== name) return answer(context, { status: 409, reason: 'another-account' })
  return context.json({ challenge: await account.challenge(order) })
})

app.post('/soter/key', async (context) => {
  const { account } = await loggedIn(context)
  return answer(context, await account.addKey(await context.req.json()))
})

app.post('/soter/verify', async (context) => {
  const { account } = await loggedIn(context)
  return answer(context, await account.verify(await context.req.json()))
})

export default app
