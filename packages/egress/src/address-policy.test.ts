import { describe, expect, it } from 'vitest'
import { addressRefusal } from './address-policy.ts'

const refusedAlways = [
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  '100::1',
  '::7f00:1',
  '::ffff:169.254.169.254',
  '::ffff:0:127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '2002:7f00:1::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  'fd00:ec2::254',
  '4000::1',
  'not an address',
  '',
]
const privateOnly = [
  '127.0.0.1',
  '127.255.255.254',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  'fc00::1',
  'fd12:3456::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
]
const open = [
  '1.1.1.1',
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
]

describe('addressRefusal', () => {
  it.each(refusedAlways)('refuses %s whatever the policy', (address) => {
    expect(addressRefusal(address, { allowPrivate: false })).toEqual(expect.any(String))
    expect(addressRefusal(address, { allowPrivate: true })).toEqual(expect.any(String))
  })
  it.each(privateOnly)('accepts %s only where private addresses are allowed', (address) => {
    expect(addressRefusal(address, { allowPrivate: false })).toEqual(expect.any(String))
    expect(addressRefusal(address, { allowPrivate: true })).toBeNull()
  })
  it.each(open)('accepts %s', (address) => {
    expect(addressRefusal(address, { allowPrivate: false })).toBeNull()
  })
})
