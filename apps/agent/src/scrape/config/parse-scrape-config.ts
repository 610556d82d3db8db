import { z } from 'zod'
import { globalSection, scrapeSection, unknownKeyProblem, type GlobalSection } from './scrape-file.ts'
import { scrapeJob, type ScrapeJob } from './scrape-job.ts'
import { PlacedYaml, type FileProblem } from './yaml-places.ts'

export interface ScrapeConfig {
  /** The jobs that are right as they stand. */
  jobs: ScrapeJob[]
  problems: FileProblem[]
}

/** The whole file, before its jobs are looked at one by one. */
const file = z.looseObject({
  global: z.unknown().optional(),
  scrape_configs: z.array(z.unknown()).nullish(),
})

/**
 * Reads a scrape configuration in Prometheus' form. A job with a problem is left out, for to scrape it otherwise than
 * was asked would give other series; keys outside the jobs that the agent does not know change nothing. Every problem
 * is named with its line.
 */
export function parseScrapeConfig(path: string, text: string): ScrapeConfig {
  const yaml = new PlacedYaml(path, text)
  const syntax = yaml.syntaxProblems()
  if (syntax.length > 0) return { jobs: [], problems: syntax }
  const parsed = file.safeParse(yaml.value() ?? {})
  if (!parsed.success) return { jobs: [], problems: issuesAt(yaml, [], parsed.error.issues) }

  const problems = Object.keys(parsed.data)
    .filter((key) => key !== 'global' && key !== 'scrape_configs')
    .map((key) => yaml.problem([key], unknownKeyProblem(key)))
  const global = readGlobal(yaml, parsed.data.global, problems)
  const jobs: ScrapeJob[] = []
  for (const [i, section] of (parsed.data.scrape_configs ?? []).entries()) {
    const at = ['scrape_configs', i]
    const read = scrapeSection.safeParse(section)
    if (!read.success) {
      problems.push(...issuesAt(yaml, at, read.error.issues))
      continue
    }
    const job = global ? scrapeJob(read.data, global, path) : 'left out because of the problems in global'
    if (typeof job === 'string') problems.push(yaml.problem(at, job))
    else if (jobs.some(({ name }) => name === job.name))
      problems.push(yaml.problem([...at, 'job_name'], `${JSON.stringify(job.name)} is there already`))
    else jobs.push(job)
  }
  return { jobs, problems }
}

/** Null when it holds a wrong value, which every job would take on. */
function readGlobal(yaml: PlacedYaml, value: unknown, problems: FileProblem[]): GlobalSection | null {
  const read = globalSection.safeParse(value ?? {})
  if (read.success) return read.data
  problems.push(...issuesAt(yaml, ['global'], read.error.issues))
  if (read.error.issues.some(({ code }) => code !== 'unrecognized_keys')) return null
  const known = z.record(z.string(), z.unknown()).parse(value)
  const entries = Object.entries(known).filter(([key]) => key in globalSection.shape)
  return globalSection.parse(Object.fromEntries(entries))
}

/** The issues of a schema as problems; an unknown key stands at its own line. */
export function issuesAt(
  yaml: PlacedYaml,
  at: readonly PropertyKey[],
  issues: readonly z.core.$ZodIssue[],
): FileProblem[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...issue.path]
    if (issue.code !== 'unrecognized_keys') return [yaml.problem(path, issue.message)]
    return issue.keys.map((key) => yaml.problem([...path, key], unknownKeyProblem(key)))
  })
}
