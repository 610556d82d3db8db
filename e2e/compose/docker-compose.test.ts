import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = path.resolve(import.meta.dirname, '../..')
const file = path.join(root, 'docker-compose.yml')

interface Service {
  image?: string
  command?: string[]
  healthcheck?: { test: string[] }
  deploy?: { replicas?: number }
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  ports?: string[]
}
const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  services: Record<string, Service>
  configs: { caddyfile: { content: string } }
}

/** Checks a file against the Compose schema and the linter's error rules; needs no container engine. */
function lint(composeFile: string): { status: number | null; output: string } {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve('dclint/package.json')
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> | string }
  const script = path.join(path.dirname(manifest), typeof bin === 'string' ? bin : (bin.dclint ?? ''))
  const run = spawnSync(process.execPath, [script, '--quiet', composeFile], { encoding: 'utf8' })
  return { status: run.status, output: (run.stdout + run.stderr).trim() }
}

describe('docker-compose.yml', () => {
  it('is valid against the Compose schema', () => {
    expect(lint(file)).toEqual({ status: 0, output: '' })
  })

  it('would be refused if it were not: the check can fail', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'nines-compose-'))
    const broken = path.join(dir, 'docker-compose.yml')
    writeFileSync(broken, readFileSync(file, 'utf8').replace('deploy: { replicas: 2 }', 'deploy: { replicas: [] }'))
    expect(lint(broken).status).not.toBe(0)
    rmSync(dir, { recursive: true })
  })

  it('runs every app as its own service with a health check', () => {
    for (const app of ['ingest', 'store', 'evaluate', 'worker', 'api', 'probe', 'agent']) {
      expect(compose.services[app]?.command, app).toEqual(['node', 'apps/nines/src/host.ts', app])
      expect(compose.services[app]?.healthcheck?.test, app).toBeDefined()
    }
    for (const store of ['postgres', 'clickhouse', 'redis']) expect(compose.services[store]?.healthcheck).toBeDefined()
  })

  it('runs two replicas of what shares work, behind a proxy that knows them', () => {
    for (const app of ['ingest', 'store', 'evaluate', 'worker', 'api']) {
      expect(compose.services[app]?.deploy?.replicas, app).toBe(2)
    }
    expect(compose.configs.caddyfile.content).toContain('dynamic a api 8080')
    expect(compose.configs.caddyfile.content).toContain('dynamic a ingest 4318')
    expect(compose.configs.caddyfile.content).toContain('dynamic a ingest 4317')
    expect(Object.keys(compose.services.proxy?.depends_on ?? {})).toEqual(['api', 'ingest'])
  })

  it('starts apps only after the migrations and holds no secret of its own', () => {
    for (const app of ['ingest', 'store', 'evaluate', 'worker', 'api', 'probe', 'agent']) {
      expect(compose.services[app]?.depends_on?.migrate?.condition, app).toBe('service_completed_successfully')
      for (const name of ['NINES_SECRET_KEY', 'NINES_INGEST_KEY', 'DATABASE_URL']) {
        expect(compose.services[app]?.environment?.[name], name).toMatch(/\$\{\w+:\?/)
      }
    }
  })

  it('keeps Redis from forgetting queued work', () => {
    const command = compose.services.redis?.command?.join(' ') ?? ''
    expect(command).toContain('--maxmemory-policy noeviction')
    expect(command).toContain('--appendfsync always')
  })
})
