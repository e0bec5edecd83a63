// The recipes for Jest, miniprogram-simulate and j-component.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { docsRecipe, inCommonJs, recipe, recipes, runJest, write } from './recipes.mjs';

await write('confirmer.js', inCommonJs(recipes('Express')[1]));

/** Two tests of one file: what the clock of the first has stopped must not stop the second. */
const WITH_SERVER = `
const { createEmulator } = require('wx-soter/emulator')
const { verifyRegistration, verifyResult } = require('wx-soter/server')

const here = { origin: 'http://localhost:3000', rpId: 'localhost', challenge: 'c' }
const pay = async () => {
  let key
  const onKeyCreated = async (registration) => ({ key } = await verifyRegistration(registration, here))
  const { wx } = createEmulator({ origin: here.origin, onKeyCreated })
  const result = await wx.startSoterAuthentication({ challenge: 'c' })
  expect((await verifyResult(result, { ...here, key })).key.id).toBe(key.id)
}

test('with clocks that stand still', () => {
  jest.useFakeTimers()
  return pay()
})

test('and with real ones again', () => {
  jest.useRealTimers()
  return pay()
})
`;

test('Jest with fake timers, and wx-soter/server beside the emulator', async () => {
  assert.match(await runJest(WITH_SERVER, 'node'), /2 passed, 2 total/);
});

for (const environment of ['node', 'jsdom']) {
  test(`Jest with fake timers, environment ${environment}`, async () => {
    assert.match(await runJest(recipe('Jest'), environment), /1 passed, 1 total/);
  });

  test(`Jest with devices in the place of the package, environment ${environment}`, async () => {
    assert.match(await runJest(recipes('Jest')[1], environment), /1 passed, 1 total/);
  });
}

test('miniprogram-simulate', async () => {
  assert.match(await runJest(recipe('miniprogram-simulate'), 'jsdom'), /1 passed, 1 total/);
});

// What the reader has; `device` is of the page. j-component has no components of its own.
const COMPONENT = `
const jComponent = require('j-component')

test('a component pays, and shows the refusal', async () => {
  jComponent.register({ id: 'view', tagName: 'wx-view', template: '<slot/>' })
  const id = jComponent.register({
    template: '<view class="pay" bindtap="pay">{{state}}</view>',
    data: { state: 'pay' },
    methods: {
      async pay() {
        try {
          const { resultJSON } = await wx.startSoterAuthentication({ challenge: 'from your server', requestAuthModes: ['facial'] })
          this.setData({ state: JSON.parse(resultJSON).raw })
        } catch ({ errMsg }) {
          this.setData({ state: errMsg })
        }
        this.triggerEvent('answered')
      },
    },
  })
  const component = jComponent.create(id)
  component.attach(document.body)
  const tap = async () => {
    const answered = new Promise((resolve) => component.addEventListener('answered', resolve))
    component.querySelector('.pay').dispatchEvent('tap')
    await answered
    return component.dom.textContent
  }

  expect(await tap()).toBe('from your server')
  device.user = 'cancel'
  expect(await tap()).toBe('startSoterAuthentication:fail cancel')
})`;

test('j-component', async () => {
  const device = await docsRecipe('frameworks/hosts.md', 'miniprogram-simulate and j-component');
  assert.match(await runJest(`${device}${COMPONENT}`, 'jsdom'), /1 passed, 1 total/);
});
