// The pages of docs/: what is made of the sources is up to date, both languages have the same code, snippets compile against the
// package's types, and links lead somewhere.
import assert from 'node:assert/strict';
import { access, mkdir, readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { ROOT, borrow, consumer, program, write } from '../consumers/installed.mjs';
import { bare } from '../bare-code.mjs';
import { made, reasons } from '../../xtask/js/docs.mjs';

const DOCS = join(ROOT, 'docs');
const CHINESE = join(DOCS, 'zh-CN');

const markdownIn = async folder => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter(entry => entry.name.endsWith('.md')).map(entry => join(entry.parentPath, entry.name));
  return files.sort();
};
const read = path => readFile(path, 'utf8');

const all = await markdownIn(DOCS);
const chinese = all.filter(path => path.startsWith(CHINESE));
/** Those that are in two languages, by the English one. */
const pairs = chinese.map(path => ({ name: relative(CHINESE, path), zh: path, en: join(DOCS, relative(CHINESE, path)) }));

/** The code of a page, piece by piece: `{ language, code }`. */
const snippetsOf = text => [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));

/** The JavaScript of a snippet, with how esbuild calls its language; nothing where there is none. */
const scriptsOf = ({ language, code }) => {
  if (['js', 'jsx', 'ts', 'tsx'].includes(language)) return [{ loader: language, code }];
  if (!['html', 'vue'].includes(language)) return [];
  const scripts = code.matchAll(/<script(?![^>]*(?:src|importmap))[^>]*>\n?([^]*?)<\/script>/g);
  return [...scripts].map(([, code]) => ({ loader: 'js', code }));
};

test('what is made of the sources is as `npm run docs` makes it', async () => {
  for (const { file, name, markdown } of await made()) {
    const text = await read(join(ROOT, file));
    const found = text.split(`<!-- ${name}:begin -->\n\n`)[1]?.split(`\n\n<!-- ${name}:end -->`)[0];
    assert.equal(found, markdown, `${file}, ${name}: run \`npm run docs\``);
  }
});

test('the table of errors has every reason of the types', async () => {
  const types = await read(join(ROOT, 'pkg/types/index.d.ts'));
  const [, union] = /export type Reason =([^;]*);/.exec(types);
  assert.deepEqual((await reasons()).map(({ reason }) => reason).sort(), union.match(/[a-z][a-z-]+/g).sort());
});

test('each page is in both languages, and says where the other is', async () => {
  const english = all.filter(path => !path.startsWith(CHINESE));
  // Figures for who runs the service; in English alone.
  const alone = [join(DOCS, 'scale.md')];
  assert.deepEqual(
    pairs.map(({ en }) => en),
    english.filter(path => !alone.includes(path)),
  );
  for (const { en, zh } of pairs) {
    assert.ok((await read(en)).includes(`[简体中文](${relative(dirname(en), zh)})`), en);
    assert.ok((await read(zh)).includes(`[English](${relative(dirname(zh), en)})`), zh);
  }
});

test('both languages have the same code, but for words', async () => {
  for (const { name, en, zh } of pairs) {
    const codes = await Promise.all([en, zh].map(async path => snippetsOf(await read(path))));
    const [there, here] = codes.map(snippets => snippets.map(({ language }) => language));
    assert.deepEqual(here, there, name);
    const scripts = codes.map(snippets => snippets.flatMap(scriptsOf));
    for (const [i, script] of scripts[0].entries()) {
      assert.equal(await bare(scripts[1][i]), await bare(script), `${name}, piece ${i}`);
    }
  }
});

test('components have names, which the lint rules of create-next-app want', async () => {
  const scripts = (await Promise.all(all.map(read))).flatMap(snippetsOf).filter(({ language }) => language === 'jsx');
  assert.ok(scripts.length > 3);
  for (const { code } of scripts) assert.doesNotMatch(code, /export default (?:async )?\(/);
});

// What snippets use and do not define: it is the reader's.
const AMBIENT = `
declare module 'react'; declare module 'vue'; declare module '@tarojs/taro'; declare module '@tarojs/components';

declare module '@mpxjs/core'; declare module '@mpxjs/api-proxy'; declare module 'weixin-js-sdk'; declare module 'jweixin-module';
declare module 'express'; declare module 'node:crypto'; declare module '@simplewebauthn/server';
declare module '@/*'; declare module '*/post'; declare module '*/soter'; declare module 'vite'; declare module '@dcloudio/vite-plugin-uni';
declare module '*/store'; declare module '*/session';
declare module '*/pay-button'; declare module '*/confirmer';
declare module '*/soter.service' {
  type Failure = Error & { errMsg?: string; reason?: string; detail?: string; status?: number };
  class SoterService { confirm(accountId: string, order: number): Promise<boolean> }
}
declare module '@angular/core' {
  const Injectable: any, Component: any;
  function inject<T>(token: new () => T): T;
  function signal<T>(value: T): { (): T; set(value: T): void };
}
declare module '@angular/common/http' {
  class HttpClient { post<T>(path: string, body: unknown): import('rxjs').Observable<T> }
  class HttpErrorResponse extends Error { error: any; status: number }
}
declare module 'rxjs' {
  interface Observable<T> { subscribe(next: (value: T) => void): void }
  function firstValueFrom<T>(observable: Observable<T>): Promise<T>;
}
declare module 'react/jsx-runtime';
declare namespace JSX { interface IntrinsicElements { [name: string]: any } }
declare const accountId: string, order: number, challenge: string, publicKey: any, settings: import('wx-soter').Settings;
declare const resultJSON: string, resultJSONSignature: string;
declare const post: (path: string, body: unknown) => Promise<any>;
declare const button: HTMLButtonElement, say: (words: string) => void;
declare const theirObject: object;
declare const showFingerprintButton: () => void, showPasswordField: () => void;
interface Window { wx: object }
declare const app: any, accountOf: any, newChallenge: any;
declare const uni: import('wx-soter').Wx & { request(options: any): void }, host: any, jest: any, beforeEach: any, test: any, expect: any, require: any, global: any, Buffer: any;
declare const process: any, SOTER_SERVER: string, defineProps: any, __mpx_mode__: string;
declare const createError: (options: { statusCode: number; message?: string }) => Error, defineEventHandler: any;
declare const getRouterParams: any, readBody: any, setResponseStatus: any;
`;

const COMPILER = {
  noEmit: true,
  allowJs: true,
  checkJs: true,
  strict: true,
  // As in the programs of most who copy a snippet.
  strictNullChecks: false,
  noImplicitAny: false,
  useUnknownInCatchVariables: false,
  noImplicitThis: false,
  experimentalDecorators: true,
  target: 'es2022',
  lib: ['es2024', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  jsx: 'preserve',
  types: [],
  skipLibCheck: true,
};

test('every snippet compiles against the types of the package', async () => {
  const files = ['ambient.d.ts'];
  await write('ambient.d.ts', AMBIENT);
  // With the plain script both are globals.
  await write('globals.d.ts', "declare const wx: import('wx-soter').Wx; declare const WxSoter: typeof import('wx-soter');");
  files.push('globals.d.ts');
  for (const path of all) {
    for (const [i, { loader, code }] of snippetsOf(await read(path))
      .flatMap(scriptsOf)
      .entries()) {
      // A snippet may define what others take for given.
      const name = `${relative(DOCS, path).replace(/\W/g, '-')}-${i}.${{ jsx: 'jsx', ts: 'ts', tsx: 'tsx', js: 'js' }[loader]}`;
      await write(name, `${code}\nexport {}\n`);
      files.push(name);
    }
  }
  assert.ok(files.length > 50, `${files.length} files`);
  const config = { compilerOptions: { ...COMPILER, moduleDetection: 'auto' }, files };
  const project = await write('tsconfig.docs.json', JSON.stringify(config));
  const { code, printed } = await program('tsc', '--project', project);
  assert.equal(code, 0, printed);
});

test('the pages of Taro and uni-app are strict TypeScript, with the declarations and annotations that they name', async () => {
  const annotations = ['(act: () => Promise<string>)', 'catch (error: any)'];
  const files = ['strict.d.ts'];
  await write('strict.d.ts', AMBIENT.replace(/declare module '\*\/(post|soter)';/g, ''));
  for (const name of ['taro', 'uni-app']) {
    const text = await read(join(DOCS, `frameworks/${name}.md`));
    for (const annotation of annotations) assert.ok(text.includes(`\`${annotation}\``), `${name}: ${annotation}`);
    const snippets = snippetsOf(text);
    const declarations = snippets.filter(({ language }) => language === 'ts').map(({ code }) => code);
    const [page] = snippets.filter(({ language }) => ['jsx', 'vue'].includes(language)).flatMap(scriptsOf);
    const [act, caught] = annotations;
    const typed = page.code.replace('(act)', act).replaceAll('catch (error)', caught).replaceAll("'@/", "'../../");
    const folder = join(name, 'src/pages/index');
    await mkdir(join(consumer, folder), { recursive: true });
    for (const [i, file] of ['soter', 'post'].entries()) {
      await write(`${name}/src/${file}.js`, 'never to be read');
      await write(`${name}/src/${file}.d.ts`, declarations[i]);
    }
    await write(`${folder}/index.tsx`, typed);
    files.push(`${folder}/index.tsx`);
  }
  const loose = ['strictNullChecks', 'noImplicitAny', 'useUnknownInCatchVariables', 'noImplicitThis'];
  const compilerOptions = Object.fromEntries(Object.entries(COMPILER).filter(([name]) => !loose.includes(name)));
  const config = { compilerOptions: { ...compilerOptions, allowJs: false, checkJs: false }, files };
  const { code, printed } = await program('tsc', '--project', await write('tsconfig.strict.json', JSON.stringify(config)));
  assert.equal(code, 0, printed);
});

test("what uses the global `wx` compiles against WeChat's own types, too", async () => {
  await borrow('miniprogram-api-typings');
  await write('wechat.d.ts', `${AMBIENT}declare const WxSoter: typeof import('wx-soter');`);
  const files = ['wechat.d.ts'];
  for (const path of all) {
    const scripts = snippetsOf(await read(path)).flatMap(scriptsOf);
    for (const [i, { loader, code }] of scripts.entries()) {
      if (loader !== 'jsx' && loader !== 'js') continue;
      if (!/(?<!\.)\bwx\.\w+\(/.test(code) || /const wx|[{,] wx|wx,/.test(code)) continue;
      const name = `wechat-${relative(DOCS, path).replace(/\W/g, '-')}-${i}.js`;
      await write(name, `${code}\nexport {}\n`);
      files.push(name);
    }
  }
  assert.ok(files.length > 8, `${files}`);
  const config = { compilerOptions: { ...COMPILER, types: ['miniprogram-api-typings'] }, files };
  const { code, printed } = await program('tsc', '--project', await write('tsconfig.wechat.json', JSON.stringify(config)));
  assert.equal(code, 0, printed);
});

/** A heading's anchor, as GitHub makes it. */
const anchorOf = heading =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replace(/ /g, '-');

const anchorsOf = text => {
  const prose = text.replace(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));
};

test('every link leads to a file that is there, and to a heading of it', async () => {
  const examples = (await markdownIn(join(ROOT, 'examples'))).filter(path => !path.includes('node_modules'));
  const readmes = ['README.md', 'README.zh-CN.md', 'pkg/README.md', 'server/README.md'].map(file => join(ROOT, file));
  for (const path of [...all, ...examples, ...readmes]) {
    const text = await read(path);
    const prose = text.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
    for (const [, link] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file, anchor] = link.split('#');
      const target = file ? join(dirname(path), file) : path;
      await access(target).catch(() => assert.fail(`${relative(ROOT, path)} links to ${link}, which is not there`));
      if (!anchor) continue;
      const anchors = anchorsOf(await read(target));
      assert.ok(anchors.includes(decodeURIComponent(anchor)), `${relative(ROOT, path)} links to ${link}; there are ${anchors}`);
    }
  }
});
