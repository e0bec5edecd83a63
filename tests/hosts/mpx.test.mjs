// docs/frameworks/hosts.md as somebody with an mpx project follows it, by mpx's own command line.
import assert from 'node:assert/strict';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, consumer, install, write } from '../consumers/installed.mjs';
import { piecesOf } from '../examples/example.mjs';
import { extendManifest, payOnBuiltPages } from './built.mjs';

// What `mpx create` puts into a project, as far as this one needs it.
const PACKAGES = {
  '@babel/core': '7.28.4',
  '@babel/plugin-transform-runtime': '7.28.3',
  '@babel/preset-env': '7.28.3',
  '@babel/runtime-corejs3': '7.28.4',
  '@mpxjs/api-proxy': '2.10.20',
  '@mpxjs/babel-plugin-inject-page-events': '2.9.5',
  '@mpxjs/core': '2.10.20',
  '@mpxjs/fetch': '2.10.20',
  '@mpxjs/mpx-cli-service': '2.2.21',
  '@mpxjs/pinia': '2.10.20',
  '@mpxjs/store': '2.11.0',
  '@mpxjs/utils': '2.11.0',
  '@mpxjs/vue-cli-plugin-mpx': '2.2.20',
  '@mpxjs/webpack-plugin': '2.10.20',
  autoprefixer: '10.4.21',
  pinia: '2.0.36',
  postcss: '8.5.6',
  process: '0.11.10',
  stylus: '0.64.0',
  'stylus-loader': '8.1.1',
  vue: '2.7.16',
  'vue-demi': '0.14.10',
  'vue-i18n': '8.28.2',
  'vue-i18n-bridge': '9.14.5',
  'vue-router': '3.6.5',
  webpack: '5.103.0',
};

const json = value => `<script type="application/json">\n${JSON.stringify(value)}\n</script>\n`;

// Of its template, too. `accountId` and `post` are the reader's.
const PROJECT = {
  'babel.config.json': JSON.stringify({
    presets: [['@babel/preset-env', { modules: false, shippedProposals: true }]],
    plugins: [['@babel/transform-runtime', { corejs: 3, version: '^7.10.4' }], '@mpxjs/babel-plugin-inject-page-events'],
    sourceType: 'unambiguous',
  }),
  'postcss.config.js': `module.exports = { plugins: [require('autoprefixer')({ remove: false })] }`,
  'vue.config.js': `const { defineConfig } = require('@vue/cli-service')
module.exports = defineConfig({
  outputDir: \`dist/\${process.env.MPX_CURRENT_TARGET_MODE}\`,
  pluginOptions: { mpx: { plugin: { srcMode: 'wx' }, loader: {} } }
})`,
  'public/index.html': `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>A shop</title>
  <link rel="icon" href="data:," />
  <script>accountId = 'ann'</script>
  <div id="app"></div>
</html>`,
  'static/wx/project.config.json': '{}',
  'src/post.js': `export const post = async (path, body) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = response.headers.get('content-type')?.includes('json') ? await response.json() : {}
  if (!response.ok) throw Object.assign(new Error(answer.reason ?? response.status), answer)
  return answer
}`,
  'src/app.mpx': `<script>
import './soter'
import { createApp } from '@mpxjs/core'

createApp({})
</script>

${json({ pages: ['./pages/index'] })}`,
};

test('a person pays twice on the web; a server that was started anew does not know the key, and gets another', async t => {
  await install(...Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`));
  await extendManifest({ browserslist: ['ios >= 8', 'chrome >= 47'] });
  for (const folder of ['public', 'src/pages', 'static/wx']) await mkdir(join(consumer, folder), { recursive: true });
  const [soter, [page, script]] = await piecesOf('frameworks/hosts.md', ['src/soter.js', 'src/pages/index.mpx'], 'mpx');
  const template = '<template>\n  <button wx:if="{{!isBusy}}" bindtap="pay">Pay 12.00</button>\n</template>';
  const files = { ...PROJECT, [page]: `${template}\n\n<script>\n${script}</script>\n\n${json({})}` };
  for (const [file, code] of [...Object.entries(files), soter]) await write(file, code);
  await build(join(consumer, 'node_modules/@mpxjs/mpx-cli-service/bin/mpx-cli-service.js'), 'build', '--targets=wx,web');

  // In the mini program there are WeChat's own calls, and nothing else.
  const weapp = join(consumer, 'dist/wx');
  const scripts = (await readdir(weapp, { recursive: true })).filter(file => file.endsWith('.js'));
  const code = (await Promise.all(scripts.map(file => readFile(join(weapp, file), 'utf8')))).join('\n');
  assert.match(code, /startSoterAuthentication/);
  assert.doesNotMatch(code, /WebAssembly|wx-soter/);

  await payOnBuiltPages(t, join(consumer, 'dist/web'));
});
