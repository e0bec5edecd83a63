// The folders of examples/, each installed as a user would, with the package as npm would publish it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ROOT, consumer, tarballPath } from '../consumers/installed.mjs';
import { open } from '../package/chromium.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** A file of an example, as it stands there. */
export const textOf = path => readFile(join(ROOT, 'examples', path), 'utf8');

/** A port that nobody listens on. */
export const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

/** Copies an example to a folder of its own, and runs `npm install` there, also of more `packages`; resolves with the folder. */
export const installExample = async (name, packages = []) => {
  const folder = join(consumer, 'examples', name);
  await cp(join(ROOT, 'examples', name), folder, {
    recursive: true,
    filter: path => !/node_modules|package-lock\.json|[/\\]dist$|\.wrangler/.test(path.slice(ROOT.length)),
  });
  const manifest = join(folder, 'package.json');
  const text = await readFile(manifest, 'utf8');
  const local = text.replace(/"wx-soter": "[^"]*"/, `"wx-soter": ${JSON.stringify(`file:${tarballPath}`)}`);
  if (local === text) throw new Error(`examples/${name} does not depend on wx-soter`);
  await writeFile(manifest, local);
  await promisify(execFile)(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], { cwd: folder });
  return folder;
};

/** Runs an npm script of an example until the test ends, or `stop` is called; resolves once it has printed `sign`. */
export const startExample = async (t, folder, { script = 'start', env = {}, sign }) => {
  const child = spawn(npm, ['run', script], {
    cwd: folder,
    env: { ...process.env, CI: '1', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm does not hand every signal on: its whole group is ended.
    detached: process.platform !== 'win32',
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid);
    await exited;
  };
  t.after(stop);
  let printed = '';
  await new Promise((started, failed) => {
    const read = chunk => {
      printed += chunk;
      if (sign.test(printed)) started();
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    exited.then(() => failed(new Error(`the example ended: ${printed}`)));
  });
  return { stop, printed: () => printed };
};

/** The shop that the examples with accounts are: logs in, and pays. `pay()` resolves with what the page says then. */
export const shop = ({ page }) => {
  const status = page.locator('[role=status]');
  return {
    logIn: async account => {
      await page.fill('[name=account]', account);
      await page.locator('form button').click();
      await page.locator('#pay').waitFor();
    },
    pay: async () => {
      await status.evaluate(element => void (element.textContent = ''));
      await page.locator('#pay').click();
      await status.getByText(/./).waitFor();
      return status.innerText();
    },
  };
};

/** What a page says where somebody else has logged in. */
export const ANOTHER_ACCOUNT = 'Somebody else has logged in. Please load the page anew.';

/** Logs in with the page's cookies, as another tab does. */
export const logInElsewhere = async ({ page }, url, account) => {
  const response = await page.context().request.post(`${url}/log-in`, { data: { account } });
  assert.ok(response.ok());
};

/**
 * On the pages of Taro and uni-app: logs in and pays, and after a reload pays again without another log-in, with the same key; the shop's
 * server knows of both. Started anew, it knows neither the session nor the key: the page asks for a log-in, and the next press but one
 * pays. While another account is logged in, a press gets no challenge and costs no key. A development server loads the page anew whenever
 * it has found another package in it, so the first time is tried until that is over.
 */
export const logInAndPay = async (t, url, start) => {
  const server = await start();
  const { page, tell } = await open(t, url);
  const status = page.locator('#status');
  /** Whether it could be done within the time that it has. */
  const isDone = promise =>
    promise.then(
      () => true,
      () => false,
    );
  const timeout = 20_000;
  const says = async (id, words) =>
    (await isDone(page.locator(id).click({ timeout }))) &&
    (await isDone(status.getByText(words, { exact: true }).waitFor({ timeout })));
  const press = async (id, words) => assert.ok(await says(id, words), `${id}: ${await page.locator('body').innerText()}`);
  const payAtFirst = async () => {
    if (!(await isDone(page.locator('#log-in, #pay').waitFor({ timeout })))) return false;
    return ((await page.locator('#pay').isVisible()) || (await says('#log-in', 'Logged in.'))) && says('#pay', 'Paid.');
  };
  const keys = async () => (await tell('getCredentials')).credentials.length;
  const payAfterReload = async () => {
    const before = await keys();
    await page.reload();
    await press('#pay', 'Paid.');
    assert.deepEqual([before > 0, await keys()], [true, before]);
  };

  let isPaid = false;
  for (let attempt = 0; attempt < 6 && !isPaid; attempt += 1) isPaid = await payAtFirst();
  assert.ok(isPaid, await page.locator('body').innerText());
  await payAfterReload();
  assert.match(server.printed(), /ann paid for order 1\n[^]*ann paid for order 1/);

  await server.stop();
  await start();
  await press('#pay', 'Please log in again.');
  await press('#log-in', 'Logged in.');
  await press('#pay', 'Please press once more.');
  await press('#pay', 'Paid.');
  await payAfterReload();

  // Somebody else logs in, in another tab: this one's key stays as it is.
  const before = await keys();
  await logInElsewhere({ page }, url, 'bob');
  await press('#pay', ANOTHER_ACCOUNT);
  await logInElsewhere({ page }, url, 'ann');
  await press('#pay', 'Paid.');
  assert.equal(await keys(), before);

  await tell('setUserVerified', { isUserVerified: false });
  await press('#pay', 'That was not confirmed. Please try again.');
};

/** Resolves once something answers there; rejects after some minutes, as what never answers has ended. */
export const answers = async url => {
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch(() => undefined);
    if (response) return;
    await setTimeout(100);
  }
  throw new Error(`nothing answers at ${url}`);
};

/**
 * The code of a page of docs/, or of a section of it, with the files that it is for; the text names them in this order.
 */
export const piecesOf = async (page, files, heading) => {
  const whole = await readFile(join(ROOT, 'docs', page), 'utf8');
  const text = heading ? whole.split(`\n## ${heading}\n`)[1].split('\n## ')[0] : whole;
  const code = [...text.matchAll(/^```(?:jsx?|ts|vue|html)\n([^]*?)^```$/gm)].map(([, code]) => code);
  const named = files.filter(file => text.includes(`\`${file}\``) || text.includes(`\`${basename(file)}\``));
  assert.deepEqual([named, code.length], [files, files.length]);
  return files.map((file, i) => [file, code[i]]);
};

/**
 * A person pays twice; the server, started anew, does not know the key; the person presses once more, and it gets another. A page of
 * another account gets no challenge.
 */
export const payAcrossRestart = async (t, url, start) => {
  const first = await start();
  const { page } = await open(t, url);
  const pay = async words => {
    await page.reload({ waitUntil: 'networkidle' });
    await page.locator('button:enabled').click();
    await page.locator('[role=status]').getByText(words).waitFor();
  };
  await pay('Paid.');
  await pay('Paid.');
  assert.match(first.printed(), /ann paid for order 1\n[^]*ann paid for order 1/);
  await first.stop();
  await start();
  await pay('Please press once more.');
  await pay('Paid.');
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ account: 'bob', order: 1 });
  const response = await fetch(`${url}/api/soter/challenge`, { method: 'POST', headers, body });
  assert.deepEqual([response.status, (await response.json()).reason], [409, 'another-account']);
};
