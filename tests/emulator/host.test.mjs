// The recipe for a host that registers handlers by name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { recipe, write } from './recipes.mjs';

/** A host as mini-program containers are made: the page's side sends a name and options, and gets what the handler says. */
const createHost = () => {
  const handlers = new Map();
  return {
    registerApi: (name, handler) => handlers.set(name, handler),
    invoke: (name, options) =>
      new Promise(resolve => {
        const handler = handlers.get(name);
        if (!handler) return resolve({ errMsg: `${name}:fail api is not supported` });
        handler({ ...options, success: resolve, fail: resolve });
      }),
    names: () => [...handlers.keys()],
  };
};

test('a host by handlers', async () => {
  const path = await write('register.mjs', recipe('A host that registers handlers by name'));
  const { registerSoter } = await import(pathToFileURL(path));
  const host = createHost();
  const device = registerSoter(host, { seed: 1 });
  assert.deepEqual(host.names().sort(), [
    'checkIsSoterEnrolledInDevice',
    'checkIsSupportSoterAuthentication',
    'startSoterAuthentication',
  ]);
  const options = { challenge: 'c', requestAuthModes: ['facial'] };
  const { errMsg, authMode } = await host.invoke('startSoterAuthentication', options);
  assert.deepEqual([errMsg, authMode], ['startSoterAuthentication:ok', 'facial']);
  device.user = 'cancel';
  assert.equal((await host.invoke('startSoterAuthentication', options)).errMsg, 'startSoterAuthentication:fail cancel');
});
