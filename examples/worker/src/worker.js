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

/** The object of whoever is logged in. */
const accountOf = async (context) => {
  const account = await getSignedCookie(context, context.env.SESSION_SECRET, 'account')
  if (!account) throw new HTTPException(401, { message: 'nobody is logged in' })
  return context.env.ACCOUNTS.get(context.env.ACCOUNTS.idFromName(account))
}

const answer = (context, { status, reason }) => {
  if (!reason) return context.body(null, status)
  console.warn(`${context.req.path}: ${reason} (ORIGIN is ${context.env.ORIGIN})`)
  return context.json({ reason }, status)
}

app.post('/soter/challenge', async (context) => {
  const { order } = await context.req.json()
  return context.json({ challenge: await (await accountOf(context)).challenge(order) })
})

app.post('/soter/key', async (context) => {
  const account = await accountOf(context)
  return answer(context, await account.addKey(await context.req.json()))
})

app.post('/soter/verify', async (context) => {
  const account = await accountOf(context)
  return answer(context, await account.verify(await context.req.json()))
})

export default app
