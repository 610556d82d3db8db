import { httpCheckConfig } from '@nines/contracts'
import { describe, expect, it } from 'vitest'
import { firstHop, followsRedirects, nextHop, type Hop } from './redirects.ts'

const config = (extra: object = {}) => httpCheckConfig.parse({ kind: 'http', url: 'https://shop.example/a', ...extra })
const post = (): Hop =>
  firstHop(config({ method: 'POST', body: '{}', headers: { Authorization: 'Bearer x', 'Content-Type': 'text/json' } }))

describe('nextHop', () => {
  it.each([200, 204, 304, 404])('ends at status %i', (status) => {
    expect(nextHop(post(), status, '/b')).toBeNull()
  })
  it('ends at a redirect without a location', () => {
    expect(nextHop(post(), 302, undefined)).toBeNull()
  })
  it('resolves relative locations and keeps headers within the origin', () => {
    expect(nextHop(post(), 307, '../b?c=1')).toMatchObject({
      url: new URL('https://shop.example/b?c=1'),
      method: 'POST',
      body: '{}',
      headers: { authorization: 'Bearer x' },
    })
  })
  it.each([301, 302, 303])('turns POST into GET after %i', (status) => {
    const hop = nextHop(post(), status, '/b') as Hop
    expect([hop.method, hop.body, hop.headers['content-type']]).toEqual(['GET', undefined, undefined])
  })
  it.each(['https://other.example/', 'http://shop.example/', 'https://shop.example:8443/'])(
    'keeps credentials from %s',
    (location) => {
      const hop = nextHop(post(), 308, location) as Hop
      expect(hop.headers['authorization']).toBeUndefined()
      expect(hop.headers['user-agent']).toBe('nines-probe')
    },
  )
  it.each(['file:///etc/passwd', 'gopher://127.0.0.1:6379/_', 'javascript:1', 'http://'])('refuses %s', (location) => {
    expect(nextHop(post(), 302, location)).toEqual(expect.stringContaining('redirect to'))
  })
})

it.each([
  [[{ on: 'status', op: 'equals', value: 301 }], false],
  [[{ on: 'status', op: 'in_class', value: 3 }], false],
  [[{ on: 'status', op: 'equals', value: 200 }], true],
  [[{ on: 'body', op: 'contains', value: '3' }], true],
  [undefined, true],
])('follows redirects under %j: %s', (assertions, follows) => {
  expect(followsRedirects(config({ assertions }))).toBe(follows)
})
