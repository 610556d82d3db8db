import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

test('defaults are the documented ports', () => {
  const settings = readSettings({})
  expect(settings).toMatchObject({
    apiPort: 8080,
    ingestPort: 4318,
    ingestGrpcPort: 4317,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:8080',
  })
  expect(settings.dataDir).toMatch(/\.nines$/)
  expect(settings.storeUrls).toEqual({})
})

test('the public URL follows a chosen port, and an empty variable is an unset one', () => {
  expect(readSettings({ NINES_API_PORT: '9000', DATABASE_URL: '' })).toMatchObject({
    publicUrl: 'http://localhost:9000',
    storeUrls: { postgres: undefined },
  })
  expect(readSettings({ NINES_PUBLIC_URL: 'https://nines.example.com/' }).publicUrl).toBe('https://nines.example.com')
})

test('a malformed variable is named', () => {
  expect(() => readSettings({ NINES_API_PORT: 'http', NINES_REDIS_PORT: '70000' })).toThrow(
    /NINES_API_PORT.*NINES_REDIS_PORT/,
  )
})
