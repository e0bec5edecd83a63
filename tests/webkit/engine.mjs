// A WebKit browser for one test file, through its WebDriver: WebKitGTK's MiniBrowser, or WPE's cog.
import { after } from 'node:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENGINES = {
  webkitgtk: {
    driver: process.env.WX_SOTER_WEBKITGTK_DRIVER || '/usr/bin/WebKitWebDriver',
    needsDisplay: true,
    packages: 'webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb',
    capabilities: { browserName: 'MiniBrowser' },
  },
  wpe: {
    driver: process.env.WX_SOTER_WPE_DRIVER || '/usr/bin/WPEWebDriver',
    packages: 'wpewebkit-driver cog',
    // Without them there is no session.
    capabilities: { 'wpe:browserOptions': { binary: '/usr/bin/cog', args: ['--automation', '--platform=headless'] } },
    // Where this engine goes over from its WebAssembly interpreter to compiled code in the middle of a loop, it loses values at
    // times. With both cores busy 4 of 2,000 authentications failed by it, each as an error, and 8 of 500 that began with the
    // emulator's arithmetic; the call after it was in order, and without the interpreter none failed. Nothing in a module
    // changes that: not its features, not how far it is optimised. So here all code is compiled from the start.
    variables: { JSC_useWasmLLInt: '0' },
  },
};

/** What has to be installed for the engine; nothing where it is there. A driver that the environment names has to be there. */
export const missing = name => {
  const { driver, packages } = ENGINES[name];
  const isNamed = process.env[`WX_SOTER_${name.toUpperCase()}_DRIVER`];
  return isNamed || existsSync(driver) ? undefined : packages;
};

/** What a command may take: a limit for what hangs, far above what a slow machine needs. */
const PATIENCE = 60_000;

/**
 * Starts a program that ends with this one, however that ends, along with all that it started: they are one group of
 * processes, and a shell kills the group when its standard input closes, after it has removed the folder.
 */
const startGroup = (program, parameters, { stdio = [], env, folder }) => {
  const guard = '"$@" </dev/null & read -r _; rm -rf "$0"; kill -9 0';
  const child = spawn('sh', ['-c', guard, folder, program, ...parameters], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', ...stdio],
    env,
  });
  child.stdin.on('error', () => {});
  return { child, end: () => child.stdin.end() };
};

/** Starts a display that nobody sees. One for each browser, since two on one display take the focus from each other. */
const startDisplay = async (env, folder) => {
  const group = startGroup('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'], {
    stdio: ['pipe'],
    env,
    folder,
  });
  const [number] = await Promise.race([
    once(group.child.stdio[3], 'data'),
    once(group.child, 'exit').then(() => Promise.reject(new Error('Xvfb did not start'))),
  ]);
  return { ...group, display: `:${String(number).trim()}` };
};

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

/** Sends a WebDriver command; resolves with its value. */
const send = async (url, method, body) => {
  const response = await fetch(url, {
    method,
    body: body && JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error} ${value.message}`);
  return value;
};

const openSession = async (base, capabilities) => {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await send(`${base}/session`, 'POST', { capabilities: { alwaysMatch: capabilities } });
    } catch (error) {
      // The driver does not listen yet.
      if (error.cause?.code !== 'ECONNREFUSED' || Date.now() > end) throw error;
      await new Promise(later => setTimeout(later, 50));
    }
  }
};

/**
 * Starts an engine, which ends with this file's tests.
 *
 * The session is never deleted, since that may hang; the processes are ended.
 */
export const startEngine = async name => {
  const { driver, needsDisplay, capabilities, variables } = ENGINES[name];
  const folder = mkdtempSync(join(tmpdir(), 'wx-soter-webkit-'));
  const env = {
    ...process.env,
    ...variables,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    // The sandbox needs rights that containers do not give; the pages are ours.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    NO_AT_BRIDGE: '1',
    GTK_A11Y: 'none',
    GSETTINGS_BACKEND: 'memory',
    LIBGL_ALWAYS_SOFTWARE: '1',
  };
  const groups = [];
  const endAll = () => {
    groups.forEach(({ end }) => end());
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  after(endAll);
  process.on('exit', endAll);

  delete env.DISPLAY;
  delete env.WAYLAND_DISPLAY;
  if (needsDisplay) {
    const display = await startDisplay(env, folder);
    groups.push(display);
    env.DISPLAY = display.display;
  }
  const port = await freePort();
  groups.push(startGroup(driver, [`--port=${port}`, '--host=127.0.0.1'], { env, folder }));
  const base = `http://127.0.0.1:${port}`;
  const { sessionId, capabilities: given } = await openSession(base, capabilities);
  const command = (method, path, body) => send(`${base}/session/${sessionId}/${path}`, method, body);
  await command('POST', 'timeouts', { script: PATIENCE, pageLoad: PATIENCE });
  return { name, version: given.browserVersion, command };
};
