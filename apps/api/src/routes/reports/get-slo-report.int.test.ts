import { sloReport, type ReportedObjective, type ReportedSlo, type Slice, type SloReport } from '@nines/contracts'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignKey, setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'
import { sloBody } from '../../test-fixtures/populate.ts'
import { storeIncident } from '../../test-fixtures/store-incident.ts'
import { parseCsv } from './parse-csv.fixture.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ZONE = 'Europe/Berlin'

/** The last whole March or October: the month in which the clocks of Berlin change. */
const month = lastMonthOfChange()
const { from: FROM, to: TO, day: DAY } = month
/** The second version's first minute. */
const CHANGED = FROM + 14 * 24 * HOUR + 754 * MINUTE
const SETTLED = TO + HOUR
const TEAM = `=cmd|' /C calc'!A0`
const SERVICE = 'Shop "North", Ltd'

function lastMonthOfChange() {
  for (let at = new Date(); ; at.setUTCMonth(at.getUTCMonth() - 1, 1)) {
    const [year, index] = [at.getUTCFullYear(), at.getUTCMonth()]
    if (index !== 2 && index !== 9) continue
    const [before, after] = index === 2 ? [1, 2] : [2, 1]
    const from = Date.UTC(year, index) - before * HOUR
    const to = Date.UTC(year, index + 1) - after * HOUR
    // Two days are enough for everything to have settled.
    if (to + 48 * HOUR < Date.now()) return { from, to, day: `${year}-${index === 2 ? '03' : '10'}-20` }
  }
}

let api: ApiUnderTest
let admin: Sender
let workspaceNumber: number
const ids: Record<string, string> = {}

const send = (method: string, path: string, body?: unknown) => api.send(method, path, { as: admin, body })
const report = async (query: string, as = admin) => {
  const answer = await api.send('GET', `/api/v1/reports/slo?${query}`, { as })
  expect(answer.status, answer.text).toBe(200)
  return sloReport.parse(answer.json)
}
const MONTH = `period=month&zone=${ZONE}&date=${DAY}`
const slosOf = ({ teams }: SloReport): ReportedSlo[] => teams.flatMap(({ slos }) => slos)
const sloOf = (found: SloReport, name: string) => slosOf(found).find(({ sloId }) => sloId === ids[name]) as ReportedSlo
const rowOf = (found: SloReport, name: string) => sloOf(found, name).objectives[0] as ReportedObjective

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  const workspace = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  workspaceNumber = workspace.number
  ids.team = (await send('POST', '/api/v1/teams', { slug: 'payments', name: TEAM })).json.id
  ids.rest = (await send('POST', '/api/v1/teams', { slug: 'rest', name: 'Rest' })).json.id
  const service = async (slug: string, name: string, teamId: string | null) =>
    (await send('POST', '/api/v1/services', { slug, name, teamId })).json.id as string
  ids.shop = await service('shop', SERVICE, ids.team ?? null)
  ids.lone = await service('lone', 'Lone', null)
  ids.other = await service('other', 'Other', ids.rest ?? null)
  await makeSlos()
  await storeSlices()
  await makeCauses(workspace.id)
})
afterAll(async () => {
  await telemetry.close()
  await api.stop()
})

async function makeSlos() {
  const window = { kind: 'calendar', unit: 'month', zone: ZONE }
  const base: Record<string, unknown> = { ...sloBody(ids.shop ?? ''), window }
  const make = async (name: string, body: object) => {
    ids[name] = (await send('POST', '/api/v1/slos', { ...base, slug: name, name, ...body })).json.id
    const past = { createdAt: new Date(FROM - 90 * 24 * HOUR) }
    await api.prisma.slo.update({ where: { id: ids[name] }, data: past })
    await api.prisma.sloVersion.updateMany({ where: { sloId: ids[name] }, data: past })
  }
  const further = { furtherObjectives: [{ target: 0.5, window }] }
  await make('changing', { target: 0.95, ...further })
  await send('PUT', `/api/v1/slos/${ids.changing}`, {
    ...base,
    slug: 'changing',
    name: 'changing',
    target: 0.99,
    ...further,
  })
  await api.prisma.sloVersion.updateMany({
    where: { sloId: ids.changing, version: 2 },
    data: { createdAt: new Date(CHANGED + 31_000) },
  })
  await make('steady', { target: 0.9 })
  const timed = { kind: 'time_slices', of: base.sli, sliceMinutes: 5, sliceTarget: 0.95 }
  await make('timed', { sli: timed, target: 0.9 })
  await make('silent', {})
  await make('lonely', { serviceId: ids.lone, target: 0.999 })
  await make('elsewhere', { serviceId: ids.other, target: 0.5 })
}

/** A slice every ten minutes, from a month before to the end. */
function minutes(): number[] {
  const all: number[] = []
  for (let minute = FROM - 31 * 24 * HOUR; minute < TO; minute += 10 * MINUTE) all.push(minute)
  return all
}
const TOTAL = 100
const badOf = (minute: number) => (Math.floor(minute / (10 * MINUTE)) * 7919) % 9
/** A minute that was counted anew long after the month. */
const LATE = FROM + 100 * HOUR
const lateSlice = { minute: LATE, good: 0, total: 500, revision: SETTLED + 24 * HOUR }

async function storeSlices() {
  const slice = (name: string, version: number, minute: number, good: number): Slice => ({
    sloId: ids[name] ?? '',
    version,
    minute,
    good,
    total: TOTAL,
    expected: 0,
    revision: minute + MINUTE,
  })
  const slices = minutes().flatMap((minute) => [
    slice('changing', 1, minute, TOTAL - badOf(minute)),
    // What the second version counted back to before it held is in no report.
    slice('changing', 2, minute, minute < CHANGED ? 0 : TOTAL - (badOf(minute) % 2)),
    slice('steady', 1, minute, TOTAL - badOf(minute)),
    slice('timed', 1, minute, TOTAL - badOf(minute)),
    slice('lonely', 1, minute, TOTAL),
    slice('elsewhere', 1, minute, 40),
  ])
  const late = { ...slice('steady', 1, LATE, 0), ...lateSlice }
  await insertBlocks(telemetry, [{ ...emptyBlock(workspaceNumber, Date.now()), slices }], 'report')
  await insertBlocks(telemetry, [{ ...emptyBlock(workspaceNumber, Date.now()), slices: [late] }], 'report-late')
}

const INCIDENT = { from: FROM + 200 * HOUR, acknowledged: 4 * MINUTE, resolved: 2 * HOUR }

async function makeCauses(workspaceId: string) {
  const slo = await send('GET', `/api/v1/slos/${ids.steady}`)
  const openedAt = new Date(INCIDENT.from)
  await storeIncident(api.prisma, {
    id: 'inc_report',
    workspaceId,
    serviceId: ids.shop ?? '',
    ruleId: slo.json.rules[0].id,
    title: 'Shop is down',
    openedAt,
    acknowledgedAt: new Date(INCIDENT.from + INCIDENT.acknowledged),
    resolvedAt: new Date(INCIDENT.from + INCIDENT.resolved),
  })
  await api.prisma.timelineEvent.create({
    data: {
      id: 'tle_report',
      workspaceId,
      incidentId: 'inc_report',
      source: 'test',
      sourceId: '1',
      kind: 'impact_started',
      at: openedAt,
      recordedAt: openedAt,
      summary: '',
    },
  })
}

/** Plain sums over the minutes of the month that a condition picks. */
function sumOf(bad: (minute: number) => number, wanted: (minute: number) => boolean = () => true) {
  const counted = minutes().filter((minute) => minute >= FROM && minute < TO && wanted(minute))
  const badEvents = counted.reduce((sum, minute) => sum + bad(minute), 0)
  return { bad: badEvents, total: counted.length * TOTAL, minutes: counted.length }
}
/** The steady SLO's, the late slice in place. */
const steadyBad = (minute: number) => (minute === LATE ? lateSlice.total : badOf(minute))
const LATE_MORE = lateSlice.total - TOTAL

describe('a month of Berlin', () => {
  test('is as long as its clocks say, has the month before beside it, and names what it is', async () => {
    const { period, previousPeriod, workspace, totals, asOf, generatedAt } = await report(MONTH)
    expect(period).toMatchObject({ from: FROM, to: TO, until: TO, isOver: true, zone: ZONE, unit: 'month' })
    expect((TO - FROM) / HOUR).not.toBe(31 * 24)
    expect(previousPeriod.to).toBe(FROM)
    expect(workspace).toBe('main')
    expect(asOf).toBe(generatedAt)
    expect(totals.slos).toBe(totals.met + totals.missed + totals.undefined)
  })

  test('teams by name, those without one last; each with its SLOs and its counts', async () => {
    const found = await report(MONTH)
    const names = found.teams.map(({ team, slos }) => [team?.name ?? null, slos.map(({ name }) => name)])
    expect(names.slice(0, 2)).toEqual([
      [TEAM, ['changing', 'silent', 'steady', 'timed']],
      ['Rest', ['elsewhere']],
    ])
    expect(names[2]).toEqual([null, expect.arrayContaining(['lonely'])])
    expect(found.teams[1]?.totals).toEqual({ slos: 1, met: 0, missed: 1, undefined: 0 })
    expect(found.teams[0]?.totals).toMatchObject({ slos: 4, undefined: 1 })
    expect(sloOf(found, 'silent')).toMatchObject({ result: 'undefined', objectives: [{ sli: null, previous: null }] })
  })

  test('events count by the version that held, each by its target; further objectives by theirs', async () => {
    const row = rowOf(await report(MONTH), 'changing')
    const before = sumOf(badOf, (minute) => minute < CHANGED)
    const after = sumOf(
      (minute) => badOf(minute) % 2,
      (minute) => minute >= CHANGED,
    )
    const [bad, total] = [before.bad + after.bad, before.total + after.total]
    const allowed = (5 * before.total + after.total) / 100
    expect(row.versions.map(({ version, from, to, total: events }) => [version, from, to, events])).toEqual([
      [1, FROM, CHANGED, before.total],
      [2, CHANGED, TO, after.total],
    ])
    expect(row).toMatchObject({ target: 0.99, good: total - bad, total, result: bad <= allowed ? 'met' : 'missed' })
    expect(row.sli).toBeCloseTo((total - bad) / total, 12)
    expect(row.budget.events).toBeCloseTo(allowed, 9)
    expect(row.consumed).toMatchObject({ events: bad, minutes: null, share: expect.closeTo(bad / allowed, 12) })
    expect(row.left.events).toBeCloseTo(allowed - bad, 9)
    const outage = (0.05 * (CHANGED - FROM) + 0.01 * (TO - CHANGED)) / 1000
    expect(row.budget.outageSeconds).toBeCloseTo(outage, 6)
    expect(row.coverage).toEqual({
      minutes: (TO - FROM) / MINUTE,
      measured: before.minutes + after.minutes,
      withEvents: before.minutes + after.minutes,
      share: expect.closeTo(0.1, 9),
    })
    expect(sloOf(await report(MONTH), 'changing').objectives[1]).toMatchObject({
      objective: 2,
      target: 0.5,
      total,
      result: 'met',
      budget: { events: total / 2 },
    })
  })

  test('time-based ones in slices and minutes', async () => {
    const row = rowOf(await report(MONTH), 'timed')
    // Each slice has one measured minute, and is bad with more than five of its hundred events.
    const slices = sumOf((minute) => Number(badOf(minute) > 5))
    expect(row).toMatchObject({ total: slices.minutes, good: slices.minutes - slices.bad })
    expect(row.consumed).toMatchObject({ events: slices.bad, minutes: slices.bad * 5 })
    expect(row.budget.minutes).toBeCloseTo(slices.minutes * 0.1 * 5, 9)
  })

  test('incidents with their medians, and what they spent: as the ledger says', async () => {
    const slo = sloOf(await report(MONTH), 'steady')
    expect(slo.incidents).toEqual({
      count: 1,
      acknowledged: 1,
      resolved: 1,
      medianAcknowledgeSeconds: 240,
      medianResolveSeconds: 7200,
    })
    const [row] = slo.objectives
    const inIncident = (minute: number) => minute >= INCIDENT.from && minute < INCIDENT.from + INCIDENT.resolved
    const spent = sumOf(steadyBad, inIncident).bad
    const all = sumOf(steadyBad)
    expect(row?.spend.map(({ kind, units }) => [kind, units])).toEqual([
      ['incident', spent * 1000],
      ['maintenance', 0],
      ['change', 0],
      ['unattributed', (all.bad - spent) * 1000],
    ])
    const range = `from=${new Date(FROM).toISOString()}&to=${new Date(TO).toISOString()}`
    const ledger = (await send('GET', `/api/v1/slos/${ids.steady}/ledger?${range}`)).json
    expect(ledger.spent.units).toBe((row?.consumed.events ?? 0) * 1000)
    expect(ledger.spent.share).toBeCloseTo(row?.consumed.share ?? NaN, 9)
    expect(ledger.spent.outageSeconds).toBeCloseTo(row?.consumed.outageSeconds ?? NaN, 6)
    const explain = (await send('GET', `/api/v1/slos/${ids.steady}/explain?at=${new Date(TO - MINUTE).toISOString()}`))
      .json
    expect(explain.objectives[0].coverage.measured).toBe(row?.coverage.measured)
  })

  test('the month before beside it', async () => {
    const row = rowOf(await report(MONTH), 'steady')
    const earlier = minutes().filter((minute) => minute < FROM)
    const bad = earlier.reduce((sum, minute) => sum + badOf(minute), 0)
    const { from } = (await report(MONTH)).previousPeriod
    // Slices begin 31 days before, which is as long as the month before or a few days longer.
    const counted = earlier.filter((minute) => minute >= from)
    const countedBad = counted.length === earlier.length ? bad : counted.reduce((sum, minute) => sum + badOf(minute), 0)
    expect(row.previous).toMatchObject({ total: counted.length * TOTAL, good: counted.length * TOTAL - countedBad })
    expect(row.previous?.sliChange).toBeCloseTo((row.sli ?? 0) - (row.previous?.sli ?? 0), 12)
  })
})

test('late data counts, and is unknown to a report as of before it', async () => {
  const total = sumOf(steadyBad).total + LATE_MORE
  expect(rowOf(await report(MONTH), 'steady')).toMatchObject({ total, good: total - sumOf(steadyBad).bad })
  const asOf = `asOf=${new Date(SETTLED).toISOString()}`
  const then = await report(`${MONTH}&${asOf}`)
  const plain = sumOf(badOf)
  expect(rowOf(then, 'steady')).toMatchObject({ total: plain.total, good: plain.total - plain.bad })
  const again = await report(`${MONTH}&${asOf}`)
  expect({ ...again, generatedAt: 0 }).toEqual({ ...then, generatedAt: 0 })
  const early = await report(`${MONTH}&asOf=${new Date(CHANGED).toISOString()}`)
  expect(early.period).toMatchObject({ until: CHANGED - MINUTE, isOver: false })
  expect(rowOf(early, 'changing').versions.map(({ version }) => version)).toEqual([1])
})

test(
  'corrections change the report, name themselves, and were not there as of before',
  { timeout: 60_000 },
  async () => {
    const from = FROM + 50 * HOUR
    const body = { serviceId: ids.shop, reason: 'known outage', timeZone: ZONE }
    const excluded = { ...body, effect: 'exclude', startsAt: new Date(from).toISOString() }
    const made = await send('POST', '/api/v1/corrections', { ...excluded, endsAt: new Date(from + HOUR).toISOString() })
    // Three to four in the night of every day, by the clocks of Berlin.
    const night = FROM - 30 * 24 * HOUR
    const start = Array.from({ length: 24 }, (_, hour) => night + hour * HOUR).find((at) => hourOf(at) === 3) ?? night
    const nightly = await send('POST', '/api/v1/corrections', {
      ...body,
      effect: 'good',
      startsAt: new Date(start).toISOString(),
      endsAt: new Date(start + HOUR).toISOString(),
      rrule: 'FREQ=DAILY',
    })
    expect([made.status, nightly.status]).toEqual([200, 200])
    const isExcluded = (minute: number) => minute >= from && minute < from + HOUR
    const isGood = (minute: number) => hourOf(minute) === 3 && !isExcluded(minute)
    const sum = sumOf(
      (minute) => (isGood(minute) ? 0 : badOf(minute)),
      (minute) => !isExcluded(minute),
    )
    const asOfBefore = `asOf=${new Date(SETTLED).toISOString()}`
    const corrected = await report(MONTH)
    expect(rowOf(corrected, 'timed').corrected).toEqual({
      excludedMinutes: sumOf(badOf, isExcluded).minutes,
      goodMinutes: sumOf(badOf, isGood).minutes,
      badEvents: sumOf(badOf, isExcluded).bad + sumOf(badOf, isGood).bad,
    })
    const steady = rowOf(corrected, 'steady')
    const late = isGood(LATE) || isExcluded(LATE) ? 0 : lateSlice.total - badOf(LATE)
    expect(steady.total - steady.good).toBe(sum.bad + late)
    expect(steady.budget.outageSeconds).toBeCloseTo(0.1 * ((TO - FROM - HOUR) / 1000), 6)
    const listed = sloOf(corrected, 'steady').corrections
    const nights = Math.round((TO - FROM) / (24 * HOUR))
    expect(listed).toEqual([
      { id: made.json.id, effect: 'exclude', reason: 'known outage', minutes: 60 },
      { id: nightly.json.id, effect: 'good', reason: 'known outage', minutes: nights * 60 },
    ])
    expect(sloOf(await report(`${MONTH}&${asOfBefore}`), 'steady').corrections).toEqual([])
    for (const { json } of [made, nightly])
      await send('POST', `/api/v1/corrections/${json.id}/revoke`, { reason: 'done' })
    expect(sloOf(await report(MONTH), 'steady').corrections).toEqual([])
  },
)

function hourOf(at: number): number {
  return Number(new Intl.DateTimeFormat('en', { timeZone: ZONE, hour: 'numeric', hourCycle: 'h23' }).format(at))
}

describe('as CSV', () => {
  test('a row for each objective with the figures of the JSON to the last digit', async () => {
    const asOf = `asOf=${new Date().toISOString()}`
    const found = await report(`${MONTH}&${asOf}`)
    const answer = await send('GET', `/api/v1/reports/slo?${MONTH}&${asOf}&format=csv`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="slo-report-main-[\d-]+-month\.csv"$/,
    )
    const [header = [], ...rows] = parseCsv(answer.text)
    expect(header.slice(0, 4)).toEqual(['period_from', 'period_to', 'counted_until', 'period_zone'])
    const expected = slosOf(found).flatMap((slo) => slo.objectives.map((row) => ({ slo, row })))
    expect(rows).toHaveLength(expected.length)
    const number = (text: string | undefined) => (text === '' ? null : Number(text))
    for (const [i, { slo, row }] of expected.entries()) {
      const cell = (name: string) => rows[i]?.[header.indexOf(name)]
      expect([cell('slo_id'), cell('slo'), cell('result')]).toEqual([slo.sloId, slo.name, row.result])
      expect(['target_ratio', 'sli_ratio', 'good_events', 'total_events'].map((name) => number(cell(name)))).toEqual([
        row.target,
        row.sli,
        row.good,
        row.total,
      ])
      expect(number(cell('left_ratio'))).toBe(row.left.share)
      expect(number(cell('consumed_outage_seconds'))).toBe(row.consumed.outageSeconds)
      expect(number(cell('incident_events'))).toBe(row.spend[0]?.events)
      expect(number(cell('previous_sli_ratio'))).toBe(row.previous?.sli ?? null)
      expect(rows[i]).toHaveLength(header.length)
    }
    const first = (name: string) => rows[0]?.[header.indexOf(name)]
    expect(first('service')).toBe(SERVICE)
    // A spreadsheet must not run it.
    expect(first('team')).toBe(`'${TEAM}`)
    expect(first('period_from')).toBe(new Date(FROM).toISOString())
  })
})

describe('selection', () => {
  const namesOf = async (query: string) => slosOf(await report(`${MONTH}&${query}`)).map(({ name }) => name)

  test('one team or service, by id or slug, or those without a team', async () => {
    expect(await namesOf(`team=${ids.rest}`)).toEqual(['elsewhere'])
    expect(await namesOf('team=rest')).toEqual(['elsewhere'])
    expect(await namesOf('team=none')).toContain('lonely')
    expect(await namesOf('team=none')).not.toContain('steady')
    expect(await namesOf('service=lone')).toEqual(['lonely'])
    expect(await namesOf(`service=${ids.lone}&team=rest`)).toEqual([])
  })

  test('by two instants, on whole minutes, with the same time before', async () => {
    const [from, to] = [FROM + 24 * HOUR + 1, FROM + 30 * HOUR]
    const bounds = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
    const { period, previousPeriod, teams } = await report(`${bounds}&team=rest`)
    expect(period).toMatchObject({ from: from - 1, to, unit: null, zone: 'UTC' })
    expect(previousPeriod).toMatchObject({ from: from - 1 - 6 * HOUR, to: from - 1 })
    expect(teams[0]?.slos[0]?.objectives[0]).toMatchObject({ total: 36 * TOTAL, good: 36 * 40, result: 'missed' })
  })

  test('without anything it is the month under way by UTC', async () => {
    const { period } = await report('')
    expect(period).toMatchObject({ unit: 'month', zone: 'UTC' })
    expect(period.until).toBeLessThanOrEqual(Date.now())
  })

  test('an SLO that was archived before is none of it; one that was archived later is', async () => {
    const data = (archivedAt: Date | null) => ({ where: { id: ids.elsewhere }, data: { archivedAt } })
    await api.prisma.slo.update(data(new Date(FROM - 1)))
    expect(await namesOf('team=rest')).toEqual([])
    await api.prisma.slo.update(data(new Date(FROM + 10 * HOUR)))
    const found = await report(`${MONTH}&team=rest`)
    expect(sloOf(found, 'elsewhere')).toMatchObject({
      archivedAt: FROM + 10 * HOUR,
      objectives: [{ total: 60 * TOTAL }],
    })
    await api.prisma.slo.update(data(null))
  })

  test.each([
    ['period=decade', 'query/period'],
    ['zone=Mars/Olympus', 'query/zone'],
    ['date=2026-02-31', 'query/date'],
    ['date=2999-01-01', 'query/date'],
    ['date=0001-01-01', 'query/date'],
    ['from=2026-01-01T00:00:00Z', 'query/to'],
    ['to=2026-01-01T00:00:00Z', 'query/from'],
    ['from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:30Z', 'query/from'],
    ['from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'query/from'],
    ['from=2998-01-01T00:00:00Z&to=2998-02-01T00:00:00Z', 'query/from'],
    ['from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&period=day', 'query/period'],
    ['asOf=2999-01-01T00:00:00Z', 'query/asOf'],
    ['format=pdf', 'query/format'],
  ])('%s: 422 that names the field', async (query, path) => {
    const answer = await send('GET', `/api/v1/reports/slo?${query}`)
    expect(answer.status, answer.text).toBe(422)
    expect(answer.json.issues[0].path).toBe(path)
  })

  test('another workspace sees nothing of this one, also by naming its things', async () => {
    const foreign = await foreignKey(api.prisma, ['read'])
    expect(await report(MONTH, foreign)).toMatchObject({ teams: [], totals: { slos: 0 }, incidents: { count: 0 } })
    for (const query of [`team=${ids.team}`, 'team=payments', `service=${ids.shop}`, 'service=shop']) {
      const answer = await api.send('GET', `/api/v1/reports/slo?${MONTH}&${query}`, { as: foreign })
      expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } })
      expect(answer.text).not.toContain('calc')
    }
  })
})
