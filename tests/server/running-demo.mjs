// `cargo xtask demo`, running for one test file.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Starts a demo on a free port; resolves with its address and its process once it serves. `watch` gets the process at once. */
export const startDemo = (watch = _ => {}) =>
  new Promise((resolve, reject) => {
    const demo = spawn('cargo', ['xtask', 'demo', '--port', '0'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    watch(demo);
    demo.on('error', reject);
    demo.on('exit', code => reject(new Error(`the demo ended: ${code}`)));
    createInterface({ input: demo.stdout }).on('line', line => {
      const address = line.match(/http:\/\/localhost:\d+/)?.[0];
      if (address) resolve({ address, demo });
    });
  });
