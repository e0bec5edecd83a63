// The recipe for a host that registers handlers by name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createEmulator } from './device.mjs';
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

const path = await write('register.mjs', recipe('A host that registers handlers by name'));
const { registerSoter } = await import(pathToFileURL(path));

test('a host by handlers', async () => {
  const host = createHost();
  const device = createEmulator({ dialect: 'wechat', seed: 1 });
  registerSoter(host, device.wx);
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

/** As dimina's container: what handlers get are ids, and `this` is the mini program, which has the functions. */
const createContainer = () => {
  const handlers = new Map();
  const called = [];
  const miniApp = {
    createCallbackFunction: id => (id ? result => void called.push([id, result?.errMsg]) : undefined),
  };
  return {
    registerApi: (name, handler) => handlers.set(name, handler),
    invokeApi: (name, params) => handlers.get(name).call(miniApp, params),
    called,
  };
};

test('a host that hands callbacks over as ids', async () => {
  const container = createContainer();
  const device = createEmulator({ dialect: 'wechat' });
  registerSoter(container, device.wx);
  await container.invokeApi('checkIsSupportSoterAuthentication', { success: 's1', complete: 'c1' });
  device.user = 'cancel';
  const start = { challenge: 'c', requestAuthModes: ['facial'], success: 's2', fail: 'f2', complete: 'c2' };
  await assert.rejects(container.invokeApi('startSoterAuthentication', start), { errCode: 90008 });
  assert.deepEqual(container.called, [
    ['s1', 'checkIsSupportSoterAuthentication:ok'],
    ['c1', 'checkIsSupportSoterAuthentication:ok'],
    ['f2', 'startSoterAuthentication:fail cancel'],
    ['c2', 'startSoterAuthentication:fail cancel'],
  ]);
  // Nobody asks for anything back, and options may be missing altogether.
  assert.equal((await container.invokeApi('checkIsSoterEnrolledInDevice', { checkAuthMode: 'facial' })).isEnrolled, true);
  assert.equal((await container.invokeApi('checkIsSupportSoterAuthentication')).errCode, 0);
});
