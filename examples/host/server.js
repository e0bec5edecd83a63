// The files of the host and of the package.
import express from 'express'

const { PORT = '3000' } = process.env
const app = express()
app.use(express.static('public'))
app.use('/wx-soter', express.static('node_modules/wx-soter/dist'))
app.listen(PORT, () => console.log(`The host is at http://localhost:${PORT}`))
