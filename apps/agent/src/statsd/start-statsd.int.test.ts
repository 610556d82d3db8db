import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createLogger } from '@nines/kernel'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeOtlp, type OtlpPoint } from '../test-fixtures/decode-otlp.fixture.ts'
import { startStatsd, type Statsd, type StatsdOptions } from './start-statsd.ts'

let statsd: Statsd | undefined
afterEach(() => statsd?.stop())

/** Listens with a long interval, so that stopping gives one flush with everything. */
async function listen(options: Partial<StatsdOptions> = {}) {
  const flushes: OtlpPoint[][] = []
  const running = await startStatsd({
    host: '127.0.0.1',
    port: 0,
    intervalMs: 3_600_000,
    maxSeries: 1000,
    hostName: 'box',
    deliver: async (bytes) => void flushes.push(decodeOtlp(bytes)),
    logger: createLogger('test', 'silent'),
    ...options,
  })
  statsd = running
  const total = (name: string) => running.totals()[name] ?? 0
  const finish = async () => {
    await running.stop()
    statsd = undefined
    return flushes.flat()
  }
  return { running, flushes, total, finish }
}

async function sendUdp(port: number, ...datagrams: (string | Buffer)[]): Promise<void> {
  const socket = createSocket('udp4')
  for (const datagram of datagrams)
    await new Promise<void>((done, fail) =>
      socket.send(datagram, port, '127.0.0.1', (error) => (error ? fail(error) : done())),
    )
  socket.close()
}
async function openTcp(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
const find = (points: OtlpPoint[], name: string) => points.find((point) => point.name === name)

describe('StatsD', () => {
  it('sums up what comes by UDP and TCP and delivers it as OTLP', async () => {
    const before = Date.now()
    const { running, total, finish } = await listen()
    await sendUdp(running.udpPort, 'hits:1|c|#route:/a\nhits:2|c|#route:/a\r\n\nload:0.5|g', 'took:12:18|ms|@0.5')
    const tcp = await openTcp(running.tcpPort)
    tcp.write('hits:4|c|#rou')
    await expect.poll(() => total('lines')).toBe(4)
    tcp.end('te:/a\nusers:1|s\nusers:2|s\nback:-1|c\npaid:1|c|#service:shop,c:x|c:ci-77')
    await expect.poll(() => total('lines')).toBe(9)
    const points = await finish()

    expect(find(points, 'hits')).toMatchObject({
      kind: 'sum',
      temporality: 1,
      isMonotonic: true,
      value: 7,
      labels: { 'service.name': 'statsd', 'host.name': 'box', route: '/a' },
    })
    expect(find(points, 'load')).toMatchObject({ kind: 'gauge', value: 0.5 })
    expect(find(points, 'took')).toMatchObject({
      kind: 'exponentialHistogram',
      unit: 'ms',
      temporality: 1,
      count: 4,
      sum: 60,
    })
    expect(find(points, 'users')).toMatchObject({ kind: 'gauge', value: 2 })
    expect(find(points, 'back')).toMatchObject({ isMonotonic: false, value: -1 })
    expect(find(points, 'paid')?.labels).toEqual({
      'service.name': 'shop',
      'host.name': 'box',
      c: 'x',
      'container.id': '77',
    })
    const { startMs = 0, endMs = 0 } = find(points, 'hits') ?? {}
    expect(startMs).toBeGreaterThanOrEqual(before)
    expect(endMs).toBeGreaterThanOrEqual(startMs)
    expect(endMs).toBeLessThanOrEqual(Date.now())
  })

  it('delivers at every interval and leaves no gap between intervals', async () => {
    const { running, flushes, finish } = await listen({ intervalMs: 100 })
    for (let sent = 0; flushes.length < 3; sent++) {
      await sendUdp(running.udpPort, 'tick:1|c')
      await new Promise((done) => setTimeout(done, 20))
      expect(sent).toBeLessThan(200)
    }
    const ticks = (await finish()).filter(({ name }) => name === 'tick')
    for (const [i, tick] of ticks.slice(1).entries()) expect(tick.startMs).toBe(ticks[i]?.endMs)
  })

  it('counts what it cannot take, by reason, and takes the rest', async () => {
    const { running, total, finish } = await listen({ maxSeries: 1 })
    await sendUdp(
      running.udpPort,
      'ok:1|c\nbroken\nok:x|c\n_e{1,1}:a|b\n_sc|x|0\nother:1|c\nok:1|c',
      Buffer.from([0x6f, 0xff, 0x3a, 0x31, 0x7c, 0x63]),
      `${'n'.repeat(9000)}:1|c\nok:1|c`,
    )
    const tcp = await openTcp(running.tcpPort)
    tcp.end(`${'n'.repeat(100_000)}:1|c\nok:1|c\n`)
    await expect.poll(() => total('lines')).toBe(10)
    expect(running.totals()).toEqual({
      lines: 10,
      'ignored.event': 1,
      'ignored.service_check': 1,
      'refused.no_value': 1,
      'refused.bad_value': 1,
      'refused.too_many_series': 1,
      'refused.not_utf8': 1,
      'refused.line_too_long': 2,
    })
    expect(find(await finish(), 'ok')?.value).toBe(4)
  })

  it('does not take half of a line whose connection broke off', async () => {
    const { running, total, finish } = await listen()
    const tcp = await openTcp(running.tcpPort)
    tcp.write('m:1|c\nm:1')
    await expect.poll(() => total('lines')).toBe(1)
    tcp.resetAndDestroy()
    await once(tcp, 'close')
    const other = await openTcp(running.tcpPort)
    other.end('m:2|c')
    await expect.poll(() => total('lines')).toBe(2)
    expect(find(await finish(), 'm')?.value).toBe(3)
  })

  it('says when its port is taken', async () => {
    const { running } = await listen()
    await expect(listen({ port: running.udpPort })).rejects.toThrow('EADDRINUSE')
    statsd = running
  })
})
