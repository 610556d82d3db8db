import { createApiKey } from '@nines/records'
import { expect } from 'vitest'
import { setUpAdmin, type Answer, type ApiUnderTest, type Sender } from './api-under-test.ts'

/** Contents by path. */
type Files = Record<string, string>

/** The operations on SLOs as code, as somebody with a key calls them. */
export interface CodeUnderTest {
  admin: Sender
  keys: Record<'read' | 'write', Sender>
  /** The plan of what applying would change. */
  plan: (files: Files, more?: object) => Promise<Answer['json']>
  /** Applies; a refusal fails the test. */
  apply: (files: Files, more?: object) => Promise<Answer['json']>
  /** What is wrong with files, each as `path: message`; files that are not refused fail the test. */
  refusal: (files: Files, more?: object) => Promise<string[]>
  get: (path: string, as?: Sender) => Promise<Answer['json']>
  /** Id of the SLO with the short name; undefined when there is none. */
  idOf: (slug: string) => Promise<string>
  export: (format: 'openslo' | 'original') => Promise<string>
}

/** Sets an installation up with an admin and keys for code. */
export async function codeUnderTest(api: ApiUnderTest): Promise<CodeUnderTest> {
  const admin = await setUpAdmin(api)
  const { id } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  const keyOf = async (scope: 'read' | 'write'): Promise<Sender> => {
    const { secret } = await createApiKey(api.prisma, id, { name: scope, scopes: [scope], createdById: null })
    return { key: secret }
  }
  const keys = { read: await keyOf('read'), write: await keyOf('write') }
  const get: CodeUnderTest['get'] = async (path, as = admin) => (await api.send('GET', path, { as })).json
  const send = (operation: 'plan' | 'apply', files: Files, more: object = {}) =>
    api.send('POST', `/api/v1/code/${operation}`, {
      as: operation === 'plan' ? keys.read : keys.write,
      body: { files: Object.entries(files).map(([path, content]) => ({ path, content })), ...more },
    })
  const done = async (operation: 'plan' | 'apply', files: Files, more?: object) => {
    const answer = await send(operation, files, more)
    expect(answer.status, answer.text).toBe(200)
    return answer.json
  }
  return {
    admin,
    keys,
    get,
    plan: (files, more) => done('plan', files, more),
    apply: (files, more) => done('apply', files, more),
    async refusal(files, more) {
      const answer = await send('apply', files, more)
      expect(answer, answer.text).toMatchObject({ status: 422, json: { code: 'invalid' } })
      return answer.json.issues.map(({ path, message }: { path: string; message: string }) => `${path}: ${message}`)
    },
    idOf: async (slug) => (await get('/api/v1/slos')).items.find((one: { slug: string }) => one.slug === slug)?.id,
    export: async (format) => (await get(`/api/v1/code/export?format=${format}`, keys.write)).text,
  }
}

/** What a plan does to things that are not as they should be: `create SLO web`. */
export function actionsOf({ changes }: { changes: { action: string; kind: string; slug: string }[] }): string[] {
  return changes.map((change) => `${change.action} ${change.kind} ${change.slug}`)
}

/** An OpenSLO document of a ratio over a rolling window, with changes to its text. */
export function sloText(name: string, change: [from: string, to: string][] = []): string {
  return change.reduce(
    (text, [from, to]) => text.replace(from, to),
    `# ${name}, explained
apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name}, displayName: ${name} works }
spec:
  service: ${name}-service
  indicator:
    metadata: { name: ok }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(http_total{code=~"5.."}[5m]))' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(http_total[5m]))' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`,
  )
}
