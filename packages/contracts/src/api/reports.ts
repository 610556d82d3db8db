import { z } from 'zod'
import { sloReport } from '../domain/slo-report.ts'
import { calendarUnit, timeZone } from '../domain/slo-window.ts'
import { route } from './route.ts'
import { instant } from './shared.ts'

export const getSloReport = route({
  id: 'getSloReport',
  method: 'GET',
  path: '/api/v1/reports/slo',
  tag: 'Reports',
  summary: 'What every SLO of a team kept of its promise over a period, as JSON or CSV',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({
    period: calendarUnit.optional().describe('of the calendar; month when neither it nor from and to is given'),
    zone: timeZone.default('UTC').describe('IANA zone by whose clocks the period begins and ends'),
    date: z.iso.date().optional().describe('a day of the period, by the clocks of the zone; today when left out'),
    from: instant.optional().describe('instead of period and date, together with to; whole minutes'),
    to: instant.optional(),
    team: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('id or slug; `none` for services without a team; all when left out'),
    service: z.string().min(1).max(64).optional().describe('id or slug; all when left out'),
    asOf: instant.optional().describe('what was known at this instant; the same figures for ever'),
    format: z.enum(['json', 'csv']).default('json'),
  }),
  response: sloReport,
  alternatives: ['text/csv'],
})
