import { sloReport, type ReportedObjective, type ReportedSlo, type Slice, type SloReport } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'
import { storeIncident } from '../../test-fixtures/store-incident.ts'
import { parseCsv } from './parse-csv.fixture.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A whole day, which ended an hour ago or longer; windows are of a day too. */
const TO = Math.floor((Date.now() - HOUR) / DAY) * DAY
const FROM = TO - DAY
/** Everything stored at first was known then; corrections and what came late were not. */
const SETTLED = TO + 30 * MINUTE
const INCIDENT = { from: FROM + 15 * HOUR, to: FROM + 15 * HOUR + 30 * MINUTE }
const DEPLOY = FROM + 7 * HOUR
const iso = (at: number) => new Date(at).toISOString()

let api: ApiUnderTest
let admin: Sender
let workspace: { id: string; number: number }
const ids: Record<string, string> = {}
let blocks = 0

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
const get = async (path: string) => {
  const answer = await send('GET', path)
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}
const post = async (path: string, body: unknown) => {
  const answer = await send('POST', path, body)
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}
const SPAN = `from=${iso(FROM)}&to=${iso(TO)}`
const report = async (query = '') => sloReport.parse(await get(`/api/v1/reports/slo?${SPAN}${query}`))
const sloOf = ({ teams }: SloReport, name: string) =>
  teams.flatMap(({ slos }) => slos).find(({ sloId }) => sloId === ids[name]) as ReportedSlo
const rowsOf = (found: SloReport, name: string): ReportedObjective[] => sloOf(found, name).objectives
const rowOf = (found: SloReport, name: string) => rowsOf(found, name)[0] as ReportedObjective
const spentKinds = (found: SloReport, name: string) =>
  rowOf(found, name)
    .spend.filter(({ units }) => units > 0)
    .map(({ kind }) => kind)

const hash = (minute: number, factor: number) => ((minute / MINUTE) * factor) % 101
/** Bad events of so many in each minute; null where nothing is measured. */
const CALLS: Record<string, { total: number; badOf: (minute: number) => number | null }> = {
  a: {
    total: 100,
    badOf: (minute) =>
      minute > DEPLOY && minute < DEPLOY + 8 * MINUTE ? 60 : hash(minute, 79) < 3 ? 1 + (hash(minute, 7) % 5) : 0,
  },
  b: {
    total: 40,
    badOf: (minute) => (minute >= FROM + 10 * HOUR && minute < FROM + 11 * HOUR ? null : hash(minute, 47) < 5 ? 2 : 0),
  },
  c: { total: 10, badOf: (minute) => (minute >= INCIDENT.from && minute < INCIDENT.to ? 5 : 0) },
  d: { total: 20, badOf: (minute) => Number(hash(minute, 31) < 10) },
}
const NAMES = ['journey', 'mean', 'all', 'nested']

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  workspace = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  for (const slug of ['front', 'shop']) {
    ids[`team-${slug}`] = (await post('/api/v1/teams', { slug, name: slug })).id
    ids[slug] = (await post('/api/v1/services', { slug, name: slug, teamId: ids[`team-${slug}`] })).id
  }
  await make('a', { serviceId: ids.front })
  for (const name of ['b', 'c', 'd']) await make(name)
  await make('journey', composite('critical_path', { sloId: ids.a }, { sloId: ids.b, noData: 'bad' }))
  await make('mean', {
    ...composite('weighted', { sloId: ids.a, weight: 3 }, { sloId: ids.b }, { sloId: ids.c, weight: 2 }),
    furtherObjectives: [{ target: 0.9, window: { kind: 'rolling', days: 7 } }],
  })
  await make('all', composite('all_of', { sloId: ids.a }, { sloId: ids.b, noData: 'good' }, { sloId: ids.c }))
  await make('nested', composite('worst_of', { sloId: ids.journey }, { sloId: ids.c }))
  for (const name of Object.keys(CALLS)) await store(name)
  await makeCauses()
})
afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

const composite = (combine: string, ...members: object[]) => ({ sli: { kind: 'composite', combine, members } })
const bodyOf = (name: string, change: object = {}) => {
  const window = { kind: 'rolling', days: 1 }
  return { ...sloBody(ids.shop ?? '', name), name, target: 0.98, window, ...change }
}

/** An SLO that was there long before. */
async function make(name: string, change: object = {}): Promise<void> {
  ids[name] = (await post('/api/v1/slos', bodyOf(name, change))).id
  const data = { createdAt: new Date(FROM - 90 * DAY) }
  await api.prisma.slo.update({ where: { id: ids[name] }, data })
  await api.prisma.sloVersion.updateMany({ where: { sloId: ids[name] }, data })
}

/** Another version of it, as if it had been made at that time; now where none is given. */
async function change(name: string, to: object, at?: number): Promise<void> {
  const answer = await send('PUT', `/api/v1/slos/${ids[name]}`, bodyOf(name, to))
  expect(answer.status, answer.text).toBe(200)
  const where = { sloId: ids[name] ?? '', version: answer.json.version as number }
  if (at !== undefined) await api.prisma.sloVersion.updateMany({ where, data: { createdAt: new Date(at) } })
}

/** Two days of slices, those of a version of it. */
async function store(name: string, version = 1, calls = CALLS[name]): Promise<void> {
  const slices: Slice[] = []
  for (let minute = FROM - DAY; minute < TO; minute += MINUTE) {
    const bad = calls?.badOf(minute) ?? null
    if (!calls || bad === null) continue
    const { total } = calls
    const counts = { good: total - bad, total, expected: 0, revision: minute + MINUTE }
    slices.push({ sloId: ids[name] ?? '', version, minute, ...counts })
  }
  await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number, Date.now()), slices }], `composite-${blocks++}`)
}

async function makeCauses() {
  const { rules } = await get(`/api/v1/slos/${ids.c}`)
  await storeIncident(api.prisma, {
    id: 'inc_c',
    workspaceId: workspace.id,
    serviceId: ids.shop ?? '',
    ruleId: rules[0].id,
    title: 'C is down',
    openedAt: new Date(INCIDENT.from + 5 * MINUTE),
    resolvedAt: new Date(INCIDENT.to),
  })
  const deploy = { externalId: 'deploy', service: 'front', version: '2', startedAt: iso(DEPLOY) }
  await post('/api/v1/changes', { ...deploy, endedAt: iso(DEPLOY + 2 * MINUTE) })
  const correction = (scope: object, effect: string, from: number, minutes: number) =>
    post('/api/v1/corrections', {
      ...scope,
      effect,
      reason: `${effect} for ${minutes} minutes`,
      startsAt: iso(from),
      endsAt: iso(from + minutes * MINUTE),
      timeZone: 'UTC',
    })
  await correction({ sloId: ids.mean }, 'exclude', FROM + 3 * HOUR + 30_000, 90)
  await correction({ sloId: ids.b }, 'good', FROM + 5 * HOUR, 45)
  await correction({ serviceId: ids.front }, 'count', FROM + 20 * HOUR, 120)
}

/** Plain sums of an SLO's minutes in [from, to). */
function sumOf(name: string, from: number, to: number) {
  const { total, badOf } = CALLS[name] ?? { total: 0, badOf: () => null }
  const sum = { bad: 0, total: 0 }
  for (let minute = from; minute < to; minute += MINUTE) {
    const bad = badOf(minute)
    if (bad !== null) [sum.bad, sum.total] = [sum.bad + bad, sum.total + total]
  }
  return sum
}

describe('a day of a composite', () => {
  test.each(NAMES)('%s: as its page and its ledger have it', async (name) => {
    const row = rowOf(await report(), name)
    const [explained] = (await get(`/api/v1/slos/${ids[name]}/explain?at=${iso(TO)}`)).objectives
    expect(row.sli).toBeCloseTo(explained.sli, 12)
    expect(row.left.share).toBeCloseTo(explained.budgetRemaining, 9)
    expect(row.coverage).toMatchObject({ minutes: 1440, measured: explained.coverage.measured })
    expect(row.composite?.members).toEqual(
      explained.members.map(({ sloId, name: called, version, sli }: Record<string, unknown>) => ({
        sloId,
        name: called,
        version,
        sli: expect.closeTo(Number(sli), 12),
      })),
    )
    const ledger = await get(`/api/v1/slos/${ids[name]}/ledger?${SPAN}`)
    expect(row.budget.events).toBeCloseTo(ledger.budgetEvents, 6)
    expect(row.consumed.share).toBeCloseTo(ledger.spent.share, 5)
    const whole = row.spend.reduce((sum, { units }) => sum + units, 0)
    expect(whole).toBe(Math.round((row.consumed.events ?? 0) * 1000))
    // The running sum of a ledger may round a thousandth otherwise when it is added up in another order.
    for (const { kind, units } of row.spend) {
      const entries = ledger.entries.filter(({ cause }: { cause: { kind: string } }) => cause.kind === kind)
      const expected = entries.reduce((sum: number, entry: { units: number }) => sum + entry.units, 0)
      expect(Math.abs(units - expected), kind).toBeLessThanOrEqual(2)
    }
  })

  test('has the incidents, changes and maintenance of its members, and corrections that concern it', async () => {
    const found = await report()
    const kinds = (name: string) => spentKinds(found, name)
    expect(kinds('mean')).toEqual(['incident', 'maintenance', 'change', 'unattributed'])
    expect(kinds('journey')).toEqual(['maintenance', 'change', 'unattributed'])
    expect(sloOf(found, 'mean').incidents).toMatchObject({ count: 1, medianResolveSeconds: 25 * 60 })
    expect(sloOf(found, 'journey').incidents.count).toBe(0)
    expect(found.incidents.count).toBe(1)
    const effects = (name: string) => sloOf(found, name).corrections.map(({ effect, minutes }) => [effect, minutes])
    expect(effects('mean')).toEqual([
      ['exclude', 91],
      ['count', 120],
      ['good', 45],
    ])
    expect(effects('journey')).toEqual([
      ['count', 120],
      ['good', 45],
    ])
    const { corrected, budget } = rowOf(found, 'mean')
    expect(corrected).toMatchObject({ excludedMinutes: 91, goodMinutes: 45 })
    expect(budget.outageSeconds).toBeCloseTo(0.02 * (1440 - 91) * 60, 6)
    const silent = rowOf(found, 'journey')
    expect(silent.budget.outageSeconds).toBeCloseTo((0.02 * DAY) / 1000, 6)
    // From the tenth minute of the hour on, b was silent, and out by its rule.
    expect(1 - (silent.composite?.members[1]?.sli ?? 1)).toBeGreaterThan(51 / 1440)
  })

  test('every objective, as met or missed, and in minutes where minutes are counted', async () => {
    const found = await report()
    const [first, further] = rowsOf(found, 'mean')
    expect(further).toMatchObject({ objective: 2, target: 0.9, sli: first?.sli, total: first?.total })
    expect(further?.budget.events).toBeCloseTo((first?.total ?? 0) * 0.1, 6)
    const all = rowOf(found, 'all')
    expect(all).toMatchObject({ total: 1440, sliKind: 'composite', composite: { combine: 'all_of' } })
    expect(all.consumed.minutes).toBe(all.consumed.events)
    for (const row of NAMES.flatMap((name) => rowsOf(found, name)))
      expect(row.result).toBe((row.sli ?? 0) >= row.target ? 'met' : 'missed')
    const results = found.teams.flatMap(({ slos }) => slos.map(({ result }) => result))
    const count = (wanted: string) => results.filter((result) => result === wanted).length
    const [met, missed, unknown] = [count('met'), count('missed'), count('undefined')]
    expect(found.totals).toEqual({ slos: results.length, met, missed, undefined: unknown })
  })

  test('the day before beside it', async () => {
    const row = rowOf(await report(), 'nested')
    const [before] = (await get(`/api/v1/slos/${ids.nested}/explain?at=${iso(FROM)}`)).objectives
    expect(row.previous?.sli).toBeCloseTo(before.sli, 12)
    expect(row.previous?.sliChange).toBeCloseTo((row.sli ?? 0) - before.sli, 12)
  })

  test('the same for a team that has none of its members', async () => {
    const whole = rowOf(await report(), 'journey')
    const alone = await report(`&team=shop`)
    expect(sloOf(alone, 'a')).toBeUndefined()
    expect(rowOf(alone, 'journey')).toEqual(whole)
    expect((await report('&team=front')).teams.flatMap(({ slos }) => slos.map(({ name }) => name))).toEqual(['a'])
  })

  test('in CSV, with what it was made of', async () => {
    const { text } = await send('GET', `/api/v1/reports/slo?${SPAN}&format=csv`)
    const [header = [], ...lines] = parseCsv(text)
    const line = lines.find((cells) => cells[header.indexOf('slo')] === 'journey')
    const cell = (column: string) => line?.[header.indexOf(column)]
    const row = rowOf(await report(), 'journey')
    expect([cell('sli_kind'), cell('combine'), cell('members')]).toEqual(['composite', 'critical_path', 'a v1;b v1'])
    expect([cell('result'), Number(cell('sli_ratio')), Number(cell('left_ratio'))]).toEqual([
      row.result,
      row.sli,
      row.left.share,
    ])
  })
})

describe('versions', () => {
  test('targets share a row, each with its part; other members begin a new one', async () => {
    const [half, last] = [FROM + 12 * HOUR, FROM + 18 * HOUR]
    const members = (...names: string[]) => composite('weighted', ...names.map((name) => ({ sloId: ids[name] })))
    await make('changing', { ...members('a', 'd'), target: 0.95 })
    await change('changing', { ...members('a', 'd'), target: 0.9 }, half + 20_000)
    await change('changing', { ...members('c', 'd'), target: 0.9 }, last)
    const rows = rowsOf(await report(), 'changing')
    expect(rows.map(({ from, to, versions }) => [from, to, versions.map(({ version }) => version)])).toEqual([
      [FROM, last, [1, 2]],
      [last, TO, [3]],
    ])
    const [first, second] = rows
    const [a, d] = [sumOf('a', FROM, last), sumOf('d', FROM, last)]
    expect(first?.sli).toBeCloseTo(1 - (a.bad / a.total + d.bad / d.total) / 2, 12)
    // Of the events of each member two thirds came under the first target.
    expect((first?.budget.events ?? 0) / (first?.total ?? 0)).toBeCloseTo((2 / 3) * 0.05 + (1 / 3) * 0.1, 9)
    const [c, e] = [sumOf('c', last, TO), sumOf('d', last, TO)]
    expect(second?.sli).toBeCloseTo(1 - (c.bad / c.total + e.bad / e.total) / 2, 12)
    // The day before had the members of the first row.
    expect([first?.previous?.total, second?.previous]).toEqual([expect.any(Number), null])
  })

  test('a member counts by the version that it has at the end, all over the row', async () => {
    const sli = (metric: string) => ({
      sli: { kind: 'ratio', bad: selector(`${metric}.bad`), total: selector(metric) },
    })
    const selector = (metric: string) => ({ metric, matchers: [] })
    await make('moving')
    await store('moving', 1, CALLS.a)
    await change('moving', sli('second'), FROM + 20 * HOUR)
    await store('moving', 2, { total: 30, badOf: () => 3 })
    await make('over', composite('worst_of', { sloId: ids.moving }, { sloId: ids.c }))
    const row = rowOf(await report(), 'over')
    expect(row).toMatchObject({
      sli: expect.closeTo(0.9, 12),
      composite: { members: [{ version: 2 }, { version: 1 }] },
    })
    // The day before measured something else of it.
    expect(row.previous).toBeNull()
    // What became of it later is nothing to that day.
    await change('moving', sli('third'))
    await store('moving', 3, { total: 30, badOf: () => 30 })
    expect(rowOf(await report(), 'over')).toEqual(row)
    expect(rowOf(await report(), 'moving').versions.map(({ version }) => version)).toEqual([1])
  })

  test('what was an SLO with slices of its own for a time has rows of both kinds', async () => {
    await make('mixed')
    await store('mixed', 1, CALLS.d)
    await change('mixed', composite('critical_path', { sloId: ids.c }, { sloId: ids.d }), FROM + 6 * HOUR)
    const [own, made] = rowsOf(await report(), 'mixed')
    const sum = sumOf('d', FROM, FROM + 6 * HOUR)
    expect(own).toMatchObject({ sliKind: 'ratio', total: sum.total, good: sum.total - sum.bad, composite: null })
    const [c, d] = [sumOf('c', FROM + 6 * HOUR, TO), sumOf('d', FROM + 6 * HOUR, TO)]
    expect(made?.sli).toBeCloseTo((1 - c.bad / c.total) * (1 - d.bad / d.total), 12)
  })

  test('one that was archived counts up to then, its members beyond', async () => {
    await make('gone', composite('worst_of', { sloId: ids.c }, { sloId: ids.d }))
    await api.prisma.slo.update({ where: { id: ids.gone }, data: { archivedAt: new Date(FROM + 4 * HOUR) } })
    const found = await report()
    const d = sumOf('d', FROM, FROM + 4 * HOUR)
    expect(rowOf(found, 'gone')).toMatchObject({ to: FROM + 4 * HOUR, sli: expect.closeTo(1 - d.bad / d.total, 12) })
    expect(rowOf(found, 'd').to).toBe(TO)
  })
})

test('as of an instant it is the same for ever; now late slices and corrections count', async () => {
  const asOf = `&asOf=${iso(SETTLED)}`
  const then = await report(asOf)
  const late = { sloId: ids.c ?? '', version: 1, minute: FROM + 2 * HOUR, good: 0, total: 5000, expected: 0 }
  const slices = [{ ...late, revision: Date.now() }]
  await insertBlocks(telemetry, [{ ...emptyBlock(workspace.number, Date.now()), slices }], 'composite-late')
  await change('journey', composite('worst_of', { sloId: ids.a }, { sloId: ids.c }))
  const again = await report(asOf)
  expect({ ...again, generatedAt: 0 }).toEqual({ ...then, generatedAt: 0 })
  const now = await report()
  expect(rowOf(now, 'mean').sli).toBeLessThan((rowOf(then, 'mean').sli ?? 0) - 0.01)
  expect([rowOf(then, 'mean').corrected, sloOf(then, 'mean').corrections]).toEqual([
    { excludedMinutes: 0, goodMinutes: 0, badEvents: 0 },
    [],
  ])
  // Nor does the version of today count for that day.
  expect(rowOf(now, 'journey').composite?.combine).toBe('critical_path')
})

test('a change that is told anew was, as of before, what had been said of it', async () => {
  const asOf = `&asOf=${new Date().toISOString()}`
  const then = await report(asOf)
  expect(spentKinds(then, 'mean')).toContain('change')
  const deploy = { externalId: 'deploy', service: 'front', version: '2' }
  await post('/api/v1/changes', { ...deploy, startedAt: iso(DEPLOY - 90 * MINUTE), endedAt: null })
  const again = await report(asOf)
  expect({ ...again, generatedAt: 0 }).toEqual({ ...then, generatedAt: 0 })
  expect(spentKinds(await report(), 'mean')).not.toContain('change')
})
