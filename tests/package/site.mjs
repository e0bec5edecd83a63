// A web site on this machine for one test file: the package under /pkg/, the demo at /, and what a test adds.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { after } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What tests added: the content, the headers. */
const added = new Map();

/** Scripts that come before all others of a page, by its path. */
const first = new Map();

const withFirst = (path, { content, headers }) => {
  const script = first.get(path);
  return { content: script ? content.replace('</title>', `</title><script src="${script}"></script>`) : content, headers };
};

const find = async path => {
  if (added.has(path)) return withFirst(path, added.get(path));
  if (path === '/favicon.ico') return { content: '', headers: { 'content-type': 'image/x-icon' } };
  const file = path === '/' ? 'www/index.html' : path.startsWith('/pkg/') ? path.slice(1) : `www${path}`;
  return { content: await readFile(new URL(file, ROOT)), headers: { 'content-type': TYPES[extname(file)] } };
};

const server = createServer(async (request, response) => {
  try {
    const { content, headers } = await find(new URL(request.url, 'http://localhost').pathname);
    response.writeHead(200, { 'cache-control': 'no-store', ...headers }).end(content);
  } catch {
    response.writeHead(404).end('there is no such file');
  }
});
await new Promise(listening => server.listen(0, '127.0.0.1', listening));
after(() => {
  server.closeAllConnections();
  server.close();
});

const { port } = server.address();

/** The site's address under a name that means this machine. */
export const at = (host, path = '') => `http://${host}:${port}${path}`;

/** Puts a file on the site, and returns its path. */
export const add = (content, headers, path = `/added-${added.size}`) => {
  added.set(path, { content, headers });
  return path;
};

/** A script of the site. */
export const addScript = code => add(code, { 'content-type': 'text/javascript' });

/** The script that the tests are about: the complete one, unless who runs them names another. */
export const script = process.env.WX_SOTER_TEST_SCRIPT || 'wx-soter.global.js';

/** Whether it needs WebAssembly. */
export const usesWasm = script !== 'wx-soter.no-wasm.js';

/** The script tag as people write it, with more attributes. */
export const tag = (attributes = '') => `<script src="/pkg/dist/${script}" ${attributes}></script>`;

/** Puts a page on the site, and returns its address on localhost. */
export const addPage = ({ head = tag(), body = '', lang = 'en', headers = {} } = {}) => {
  const html = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Test</title>${head}<body>${body}`;
  return at('localhost', add(html, { 'content-type': 'text/html', ...headers }));
};

/** Has a page of `addPage` run code before its own scripts, for browsers whose drivers have no way to. */
export const runFirst = (url, code) => first.set(new URL(url).pathname, addScript(code));
