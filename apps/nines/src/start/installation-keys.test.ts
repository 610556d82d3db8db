import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadInstallationKeys } from './installation-keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('keys are made once, differ, and only their owner can read them', () => {
  const first = loadInstallationKeys(folder)
  expect(loadInstallationKeys(folder)).toEqual(first)
  expect(first.ingestKey).not.toBe(first.internalKey)
  expect(Buffer.from(first.secretKey, 'base64')).toHaveLength(32)
  for (const file of ['keys.json', 'secret.key']) expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600)
})

test('a secret key from the environment wins', () => {
  expect(loadInstallationKeys(folder, 'mine').secretKey).toBe('mine')
})

test('a damaged file is named, not replaced in silence', () => {
  writeFileSync(path.join(folder, 'keys.json'), '{')
  expect(() => loadInstallationKeys(folder)).toThrow(/keys\.json/)
})
