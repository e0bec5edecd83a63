// docs/frameworks/uni-app.md as somebody with a project on Vue 2 follows it: uni-app's own command line, on webpack 4.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { build, consumer, install, write } from '../consumers/installed.mjs';
import { recipe } from '../recipe.mjs';
import { piecesOf, textOf } from '../examples/example.mjs';
import { extendManifest, payOnBuiltPages } from './built.mjs';

const UNI = '2.0.2-5000720260410001';

// What `vue create -p dcloudio/uni-preset-vue` puts into a project, as far as this one needs it.
const PACKAGES = {
  '@babel/runtime': '7.17.9',
  '@dcloudio/uni-app': UNI,
  '@dcloudio/uni-cli-i18n': UNI,
  '@dcloudio/uni-cli-shared': UNI,
  '@dcloudio/uni-h5': UNI,
  '@dcloudio/uni-i18n': UNI,
  '@dcloudio/uni-migration': UNI,
  '@dcloudio/uni-template-compiler': UNI,
  '@dcloudio/vue-cli-plugin-hbuilderx': UNI,
  '@dcloudio/vue-cli-plugin-uni': UNI,
  '@dcloudio/vue-cli-plugin-uni-optimize': UNI,
  '@dcloudio/webpack-uni-mp-loader': UNI,
  '@dcloudio/webpack-uni-pages-loader': UNI,
  '@vue/cli-plugin-babel': '4.5.19',
  '@vue/cli-service': '4.5.19',
  'babel-plugin-import': '1.13.8',
  'core-js': '3.46.0',
  'postcss-comment': '2.0.0',
  'regenerator-runtime': '0.12.1',
  vue: '2.6.14',
  'vue-template-compiler': '2.6.14',
  vuex: '3.6.2',
  // npm of today installs peers, and takes their newest, which are not for webpack 4.
  'copy-webpack-plugin': '5.1.2',
  postcss: '7.0.39',
  webpack: '4.47.0',
};

// Of the preset's template, too. `accountId` is the reader's.
const PROJECT = {
  'babel.config.js': `module.exports = { presets: [['@vue/app', { modules: 'commonjs', useBuiltIns: 'usage' }]] }`,
  'postcss.config.js': `module.exports = {
  parser: require('postcss-comment'),
  plugins: [require('autoprefixer')(), require('@dcloudio/vue-cli-plugin-uni/packages/postcss')]
}`,
  'public/index.html': `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title><%= htmlWebpackPlugin.options.title %></title>
  <link rel="icon" href="data:," />
  <script>accountId = 'ann'</script>
  <link rel="stylesheet" href="<%= BASE_URL %>static/index.<%= VUE_APP_INDEX_CSS_HASH %>.css" />
  <div id="app"></div>
</html>`,
  'src/App.vue': '<script>\nexport default {}\n</script>',
  'src/main.js': `import Vue from 'vue'
import App from './App'
import './uni.promisify.adaptor'

App.mpType = 'app'
new Vue({ ...App }).$mount()
`,
  'src/uni.promisify.adaptor.js': `uni.addInterceptor({
  returnValue(res) {
    if (!(!!res && (typeof res === "object" || typeof res === "function") && typeof res.then === "function")) {
      return res;
    }
    return new Promise((resolve, reject) => {
      res.then((res) => res[0] ? reject(res[0]) : resolve(res[1]));
    });
  },
});`,
  'src/uni.scss': '',
};

test('a person pays twice on H5 of Vue 2; a server that was started anew does not know the key, and gets another', async t => {
  await install(...Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`));
  // One of its loaders takes what it may leave out from there.
  await extendManifest({ browserslist: ['Android >= 4.4', 'ios >= 9'] });
  const [[, index]] = await piecesOf('frameworks/uni-app.md', ['index.vue'], 'Vue 2');
  const files = {
    ...PROJECT,
    'src/soter.js': recipe('uni-app on H5'),
    'src/pages/index/index.vue': index,
  };
  for (const name of ['manifest.json', 'pages.json', 'post.js']) files[`src/${name}`] = await textOf(`uni-app/src/${name}`);
  for (const [name, code] of Object.entries(files)) {
    await mkdir(join(consumer, dirname(name)), { recursive: true });
    await write(name, code);
  }
  Object.assign(process.env, { NODE_ENV: 'production', UNI_PLATFORM: 'h5' });
  await build(join(consumer, 'node_modules/@vue/cli-service/bin/vue-cli-service.js'), 'uni-build');
  await payOnBuiltPages(t, join(consumer, 'dist/build/h5'));
});
