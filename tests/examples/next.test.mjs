// docs/frameworks/react.md as somebody follows it: its button, its route, its page, in a Next.js application.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, build, consumer, install, write } from '../consumers/installed.mjs';
import { open } from '../package/chromium.mjs';
import { freePort, startExample } from './example.mjs';

process.env.NEXT_TELEMETRY_DISABLED = '1';

/** The code of the page, by the file that it is for. */
const pieces = async () => {
  const text = await readFile(join(ROOT, 'docs/frameworks/react.md'), 'utf8');
  const code = [...text.matchAll(/^```jsx?\n([^]*?)^```$/gm)].map(([, code]) => code);
  const files = ['app/pay-button.js', 'app/post.js', 'app/[call]/route.js', 'app/session.js', 'app/page.js'];
  for (const file of files) assert.ok(text.includes(`\`${file}\``), file);
  assert.equal(code.length, files.length);
  return files.map((file, i) => [file, code[i]]);
};

test('a person pays twice; a server that was started anew does not know the key, and gets another', async t => {
  await install('next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1');
  await mkdir(join(consumer, 'app/[call]'), { recursive: true });
  for (const [file, code] of await pieces()) await write(file, code);
  await write('app/layout.js', `export default ({ children }) => <html lang="en"><body>{children}</body></html>`);
  await build(join(consumer, 'node_modules/next/dist/bin/next'), 'build');
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  const manifest = JSON.parse(await readFile(join(consumer, 'package.json'), 'utf8'));
  await write('package.json', JSON.stringify({ ...manifest, scripts: { start: `next start --port ${port}` } }));
  const start = () => startExample(t, consumer, { env: { ORIGIN: url }, sign: /Ready/ });

  const first = await start();
  const { page } = await open(t, url);
  const status = page.locator('[role=status]');
  const pay = async words => {
    await status.evaluate(element => void (element.textContent = ''));
    await page.locator('button:enabled').click();
    await status.getByText(words).waitFor();
  };
  await pay('Paid.');
  await page.reload();
  await pay('Paid.');
  assert.match(first.printed(), /ann paid for order 1\n[^]*ann paid for order 1/);
  await first.stop();
  await start();
  await page.reload();
  await pay('Please press once more.');
  await page.reload();
  await pay('Paid.');
});
