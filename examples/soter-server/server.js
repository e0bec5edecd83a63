// The backend: it knows who is logged in and has the access token, which no page may see. soter-server checks the results.
import { randomBytes } from 'node:crypto'
import express from 'express'
import session from 'express-session'

const { PORT = '8000', SOTER_SERVER = 'http://127.0.0.1:8787', ACCESS_TOKEN } = process.env
if (!ACCESS_TOKEN) {
  console.error('ACCESS_TOKEN is not set. soter-server prints one when it is started without settings.')
  process.exit(1)
}

const app = express()

app.use(
  session({
    secret: randomBytes(32).toString('hex'),
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'strict' }
  })
)

// Your log-in stands here. This one believes whatever name it is told.
app.post('/log-in', express.json(), (request, response, next) => {
  const { account } = request.body
  request.session.regenerate((error) => {
    if (error) return next(error)
    request.session.account = String(account)
    response.json({})
  })
})

const accountOf = ({ session: { account } }) => {
  if (account) return account
  throw Object.assign(new Error('nobody is logged in'), { status: 401 })
}

app.use(express.static('public'))
app.use('/wx-soter', express.static('node_modules/wx-soter/dist'))

const soter = async (call, body) => {
  const url = `${SOTER_SERVER}/cgi-bin/soter/${call}?access_token=${ACCESS_TOKEN}`
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()
}
const fields = {
  get_challenge: () => ({}),
  register_key: ({ registration }) => ({ registration }),
  verify_signature: ({ json_string, json_signature }) => ({ json_string, json_signature })
}
for (const [call, from] of Object.entries(fields)) {
  app.post(`/soter/${call}`, express.json({ limit: '300kb' }), async (request, response, next) => {
    try {
      const openid = await accountOf(request)
      if (!openid) return response.sendStatus(401)
      // Since the page was loaded, somebody else may have logged in.
      if (request.body?.account !== String(openid)) return response.status(409).json({ reason: 'another-account' })
      const answer = await soter(call, { ...from(request.body), openid })
      const isGood = answer.errcode === 0 && answer.is_ok !== false
      if (!isGood) console.warn(`${call}: ${answer.reason ?? answer.errmsg}`)
      response.status(isGood ? 200 : 403).json(answer)
    } catch (error) {
      next(error) // Express 4 does not do so by itself: the process would end
    }
  })
}

app.listen(PORT, () => console.log(`The shop is at http://localhost:${PORT}`))
