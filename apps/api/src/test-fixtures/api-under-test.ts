import type { ApiKeyScope, Role } from '@nines/contracts'
import { newId, newToken, type RunningApp } from '@nines/kernel'
import { bootstrapInstallation, createApiKey, createPrisma, type PrismaClient } from '@nines/records'
import type { OwnServices } from '@nines/testkit'
import { start } from '../start.ts'

/** Who sends a request: a session cookie, an API key, or nobody. */
export interface Sender {
  cookie?: string
  key?: string
  /** Slug for the header x-nines-workspace. */
  workspace?: string
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  json: any
}

export interface ApiUnderTest {
  app: RunningApp
  services: OwnServices
  prisma: PrismaClient
  setupToken: string
  /** Sends as a browser of the dashboard would: same origin, JSON. */
  send(
    method: string,
    path: string,
    options?: { as?: Sender; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>
  stop(): Promise<void>
}

export const PASSWORD = 'correct horse battery'
export const ADMIN = { name: 'Ada', email: 'ada@example.com', password: PASSWORD }

/** Bootstraps the test file's own database and starts the API on a free port. */
export async function startApi(services: OwnServices, env: Record<string, string> = {}): Promise<ApiUnderTest> {
  const { setupToken } = await bootstrapInstallation(services.databaseUrl, {
    secretKey: services.env.NINES_SECRET_KEY ?? '',
    ingestKey: newToken('nk_'),
    internalKey: newToken('nk_'),
    demo: false,
  })
  const app = await start({ ...services.env, ...env })
  const prisma = createPrisma(services.databaseUrl, { maxConnections: 3 })
  return {
    app,
    services,
    prisma,
    setupToken: setupToken ?? '',
    async send(method, path, { as = {}, body, headers = {} } = {}) {
      const response = await fetch(app.url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(as.cookie !== undefined && { cookie: as.cookie, 'sec-fetch-site': 'same-origin' }),
          ...(as.key !== undefined && { authorization: `Bearer ${as.key}` }),
          ...(as.workspace !== undefined && { 'x-nines-workspace': as.workspace }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') ?? false
      return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
    },
    async stop() {
      await prisma.$disconnect()
      await app.stop()
    },
  }
}

/** The session cookie that an answer sets, ready to send back. */
export function cookieOf(answer: Answer): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

/** Creates the first admin through the setup and returns their session. */
export async function setUpAdmin(api: ApiUnderTest): Promise<Sender> {
  const answer = await api.send('POST', '/api/v1/setup', { body: { token: api.setupToken, ...ADMIN } })
  if (answer.status !== 200) throw new Error(`setup: ${answer.text}`)
  return { cookie: cookieOf(answer) }
}

/** Invites somebody, accepts, and returns their session and user id. */
export async function joinAs(api: ApiUnderTest, admin: Sender, role: Role, email: string): Promise<Sender> {
  const invited = await api.send('POST', '/api/v1/members/invitations', { as: admin, body: { email, role } })
  if (invited.status !== 200) throw new Error(`invitation: ${invited.text}`)
  const token = new URL(invited.json.url).hash.slice(1)
  const body = { token, name: `The ${role}`, password: PASSWORD }
  const accepted = await api.send('POST', '/api/v1/invitations/accept', { body })
  if (accepted.status !== 200) throw new Error(`acceptance: ${accepted.text}`)
  return { cookie: cookieOf(accepted) }
}

/** A second tenant with one key of the given scopes. */
export async function foreignKey(prisma: PrismaClient, scopes: ApiKeyScope[]): Promise<Sender> {
  const workspace = await prisma.workspace.upsert({
    where: { slug: 'other' },
    create: { id: newId('wsp'), slug: 'other', name: 'Other' },
    update: {},
  })
  const { secret } = await createApiKey(prisma, workspace.id, { name: 'foreign', scopes, createdById: null })
  return { key: secret }
}
