import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileProblem } from '../config/yaml-places.ts'
import { watchTargetFiles, type TargetFiles } from './watch-target-files.ts'

let directory: string
let watching: TargetFiles | undefined
let addresses: string[] | null
let problems: FileProblem[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-targets-'))
  addresses = null
  problems = []
})
afterEach(async () => {
  await watching?.stop()
  await rm(directory, { recursive: true, force: true })
})

function watchFiles(pattern: string, refreshMs = 3_600_000): void {
  watching = watchTargetFiles({
    pattern: join(directory, pattern),
    refreshMs,
    onGroups: (groups) => (addresses = groups.flatMap(({ targets }) => targets)),
    onProblems: (found) => problems.push(...found),
  })
}
const write = (name: string, ...targets: string[]) =>
  writeFile(join(directory, name), JSON.stringify([{ targets, labels: {} }]))

describe('watchTargetFiles', () => {
  it('reads what matches and follows changes, new files and files that go', async () => {
    await write('a.json', 'a:1')
    await write('a.yml', 'no:1')
    await write('.hidden.json', 'no:2')
    watchFiles('*.json')
    await expect.poll(() => addresses).toEqual(['a:1'])
    await write('a.json', 'a:1', 'a:2')
    await expect.poll(() => addresses).toEqual(['a:1', 'a:2'])
    await write('b.tmp', 'b:1')
    await rename(join(directory, 'b.tmp'), join(directory, 'b.json'))
    await expect.poll(() => addresses).toEqual(['a:1', 'a:2', 'b:1'])
    await rm(join(directory, 'a.json'))
    await expect.poll(() => addresses).toEqual(['b:1'])
    expect(problems).toEqual([])
  })

  it('keeps the targets of a file that breaks, says so once, and takes it again when it is mended', async () => {
    await write('a.json', 'a:1')
    await write('b.json', 'b:1')
    watchFiles('*.json', 60)
    await expect.poll(() => addresses).toEqual(['a:1', 'b:1'])
    await writeFile(join(directory, 'a.json'), '[{"targets": "a:2"}]')
    await write('b.json', 'b:2')
    await expect.poll(() => addresses).toEqual(['a:1', 'b:2'])
    await new Promise((done) => setTimeout(done, 300))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ where: expect.stringContaining('a.json:1: [0].targets') })
    await write('a.json', 'a:3')
    await expect.poll(() => addresses).toEqual(['a:3', 'b:2'])
  })

  it('finds a directory that comes later', async () => {
    watchFiles('later/one.json', 60)
    await expect.poll(() => addresses).toEqual([])
    await mkdir(join(directory, 'later'))
    await write('later/one.json', 'a:1')
    await expect.poll(() => addresses, { timeout: 5000 }).toEqual(['a:1'])
  })
})
