// What crates.io and npm are told of each package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = file => readFileSync(join(ROOT, file), 'utf8');
const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--no-deps', '--locked', '--format-version', '1'], { cwd: ROOT, maxBuffer: 2 ** 26 }),
);
/** `publish` is an empty list where it is false. */
const published = metadata.packages.filter(({ publish }) => publish === null);

test('these crates are for users, and no others', () => {
  const names = published.map(({ name }) => name).sort();
  assert.deepEqual(names, ['soter-server', 'wx-soter', 'wx-soter-verifier', 'wx-soter-webauthn']);
});

for (const crate of published) {
  test(`${crate.name} says what it is`, () => {
    for (const key of ['description', 'license', 'repository', 'documentation', 'readme', 'rust_version']) {
      assert.ok(crate[key], key);
    }
    assert.equal(crate.documentation, `https://docs.rs/${crate.name}`);
    assert.ok(crate.keywords.length > 2 && crate.keywords.length <= 5, 'one to five keywords are allowed');
    assert.ok(crate.categories.length > 0, 'categories');
    const folder = dirname(crate.manifest_path);
    for (const file of [crate.readme, 'LICENSE-MIT', 'LICENSE-APACHE']) assert.ok(existsSync(join(folder, file)), file);
  });

  test(`${crate.name} depends on no crate that is not there`, () => {
    const names = new Set(published.map(({ name }) => name));
    for (const { name, path, kind, req } of crate.dependencies) {
      // Of tests those without a version are left out of the package.
      if (!path || (kind === 'dev' && req === '*')) continue;
      assert.ok(names.has(name), `${name} is not published`);
      assert.equal(req, `^${metadata.packages.find(each => each.name === name).version}`, name);
    }
  });
}

test('licences are the same everywhere', () => {
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) {
    for (const folder of ['crates/webauthn', 'verifier', 'server', 'pkg']) {
      assert.equal(read(`${folder}/${licence}`), read(licence), folder);
    }
  }
});

test('where the repository is, all say alike, and CONTRIBUTING names the placeholder', () => {
  const [repository] = new Set(published.map(each => each.repository));
  for (const each of published) assert.equal(each.repository, repository);
  const npm = JSON.parse(read('pkg/package.json'));
  assert.equal(npm.repository.url, `git+${repository}.git`);
  assert.equal(npm.homepage, `${repository}#readme`);
  assert.equal(npm.bugs.url, `${repository}/issues`);
  if (repository.includes('.invalid/')) assert.ok(read('CONTRIBUTING.md').includes(new URL(repository).host));
});

test('all have one version', () => {
  const versions = new Set([...published.map(({ version }) => version), JSON.parse(read('pkg/package.json')).version]);
  assert.equal(versions.size, 1, [...versions].join(', '));
});
