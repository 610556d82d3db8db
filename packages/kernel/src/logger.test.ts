import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

test.runIf(process.platform === 'linux')('a process outlives that its log cannot be written', () => {
  const logger = JSON.stringify(path.join(import.meta.dirname, 'logger.ts'))
  const script = `import { createLogger } from ${logger}
    const logger = createLogger('test', 'info')
    for (let i = 0; i < 100; i++) logger.info({ text: 'x'.repeat(1000) }, 'line')
    setTimeout(() => console.error('still alive'), 50)`
  const full = openSync('/dev/full', 'w')
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
    timeout: 20_000,
  })
  closeSync(full)
  expect([status, stderr]).toEqual([0, expect.stringContaining('still alive')])
})
