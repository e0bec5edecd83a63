import { defineConfig } from 'vite'
import plugin from '@dcloudio/vite-plugin-uni'

// It is a CommonJS module.
const uni = plugin.default ?? plugin

// Calls of the page that are the shop's go to the Express example.
const { PORT = '5173', SHOP = 'http://localhost:3000' } = process.env

export default defineConfig({
  plugins: [uni()],
  server: {
    port: Number(PORT),
    // With the slash: /soter.js is a file of the page's.
    proxy: { '/log-in': SHOP, '/soter/': SHOP }
  }
})
