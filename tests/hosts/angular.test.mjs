// docs/frameworks/angular.md as somebody follows it: its service and its button, by Angular's own command line.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, consumer, install, write } from '../consumers/installed.mjs';
import { piecesOf } from '../examples/example.mjs';
import { payOnBuiltPages } from './built.mjs';

process.env.NG_CLI_ANALYTICS = 'false';

const PROJECT = {
  'angular.json': JSON.stringify({
    version: 1,
    projects: {
      shop: {
        projectType: 'application',
        root: '',
        architect: {
          build: {
            builder: '@angular/build:application',
            options: {
              browser: 'src/main.ts',
              index: 'src/index.html',
              tsConfig: 'tsconfig.json',
              outputPath: { base: 'dist', browser: '' },
            },
          },
        },
      },
    },
  }),
  // As `ng new` has it.
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: true,
      noImplicitReturns: true,
      isolatedModules: true,
      experimentalDecorators: true,
      importHelpers: true,
      target: 'ES2022',
      module: 'preserve',
      // The package's types, too.
      skipLibCheck: false,
    },
    angularCompilerOptions: { strictInjectionParameters: true, strictTemplates: true },
    files: ['src/main.ts'],
  }),
  'src/index.html': `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>A shop</title>
  <base href="/" />
  <link rel="icon" href="data:," />
  <app-pay-button></app-pay-button>
</html>`,
  'src/main.ts': `import { bootstrapApplication } from '@angular/platform-browser'
import { PayButton } from './app/pay-button'
bootstrapApplication(PayButton)`,
};

test('a person pays twice; a server that was started anew does not know the key, and gets another', async t => {
  // The last that runs in Node 20.
  const angular = ['common', 'compiler', 'core', 'platform-browser', 'compiler-cli'].map(name => `@angular/${name}@21.2.26`);
  const tools = ['@angular/build@21.2.27', '@angular/cli@21.2.28', 'typescript@5.9.3'];
  await install(...angular, ...tools, 'rxjs@7.8.2', 'tslib@2.8.1');
  await mkdir(join(consumer, 'src/app'), { recursive: true });
  const pieces = await piecesOf('frameworks/angular.md', ['src/app/soter.service.ts', 'src/app/pay-button.ts']);
  for (const [file, code] of [...Object.entries(PROJECT), ...pieces]) await write(file, code);
  await build(join(consumer, 'node_modules/@angular/cli/bin/ng.js'), 'build');
  await payOnBuiltPages(t, join(consumer, 'dist'));
});
