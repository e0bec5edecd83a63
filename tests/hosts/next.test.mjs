// docs/frameworks/react.md as somebody follows it: its button, its route, its page, in a Next.js application.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, consumer, install, write } from '../consumers/installed.mjs';
import { freePort, payAcrossRestart, piecesOf, startExample } from '../examples/example.mjs';

process.env.NEXT_TELEMETRY_DISABLED = '1';

const FILES = ['app/pay-button.js', 'app/post.js', 'app/api/soter/[call]/route.js', 'app/session.js', 'app/page.js'];

test('a person pays twice; a server that was started anew does not know the key, and gets another', async t => {
  await install('next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1');
  await mkdir(join(consumer, 'app/api/soter/[call]'), { recursive: true });
  for (const [file, code] of await piecesOf('frameworks/react.md', FILES)) await write(file, code);
  await write('app/layout.js', `export default ({ children }) => <html lang="en"><body>{children}</body></html>`);
  await build(join(consumer, 'node_modules/next/dist/bin/next'), 'build');
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  const manifest = JSON.parse(await readFile(join(consumer, 'package.json'), 'utf8'));
  await write('package.json', JSON.stringify({ ...manifest, scripts: { start: `next start --port ${port}` } }));
  const start = () => startExample(t, consumer, { sign: /Ready/ });

  await payAcrossRestart(t, url, start);
});
