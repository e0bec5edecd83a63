// An empty page on a small site of this machine, with a clock of microseconds.
import { createServer } from 'node:http';

// A page by itself gets a finer clock.
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'content-type': 'text/html',
};
const PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><body>';

/** Resolves with the page's address and what ends the site. */
export const serve = async () => {
  const server = createServer((_request, response) => response.writeHead(200, HEADERS).end(PAGE));
  await new Promise(listening => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://localhost:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
};
