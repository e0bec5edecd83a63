// The code of pkg/README.md, as it stands there.
import { readFile } from 'node:fs/promises'

const README = await readFile(new URL('../pkg/README.md', import.meta.url), 'utf8')

/** The code of a recipe. */
export const recipe = (heading) => {
  const [, code] = README.split(`### ${heading}\n`)[1].split('\n### ')[0].match(/```js\n([^]*?)```/)
  return code
}
