// What the page imports lies among the worker's static files.
import { copyFile, mkdir } from 'node:fs/promises'

await mkdir('public/wx-soter', { recursive: true })
await copyFile('node_modules/wx-soter/dist/index.js', 'public/wx-soter/index.js')
