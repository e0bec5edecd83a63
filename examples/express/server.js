// A shop: who is logged in, its pages, and the routes that check results.
import { randomBytes } from 'node:crypto'
import express from 'express'
import session from 'express-session'
import { soter } from './soter.js'

const { PORT = '3000' } = process.env
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
    response.sendStatus(204)
  })
})

// For pages that ask on load; the session outlives them.
app.get('/log-in', (request, response) => response.json({ account: request.session.account }))

const accountOf = ({ session: { account } }) => {
  if (account) return account
  throw Object.assign(new Error('nobody is logged in'), { status: 401 })
}

/** What was confirmed, done. */
const confirm = (account, order) => console.log(`${account} paid for order ${order}`)

app.use(express.static('public'))
app.use('/wx-soter', express.static('node_modules/wx-soter/dist'))
app.use('/soter', soter(accountOf, confirm))

app.listen(PORT, () => console.log(`The shop is at http://localhost:${PORT}`))
