import { z } from 'zod'
import { issuesAt } from '../config/parse-scrape-config.ts'
import { targetGroup, type TargetGroup } from '../config/target-group.ts'
import { PlacedYaml, type FileProblem } from '../config/yaml-places.ts'

const targetFile = z.array(targetGroup)

/** Reads a file of target groups, JSON or YAML. All or nothing: the problems come in place of the groups. */
export function parseTargetFile(path: string, text: string): TargetGroup[] | { problems: FileProblem[] } {
  const yaml = new PlacedYaml(path, text)
  const syntax = yaml.syntaxProblems()
  if (syntax.length > 0) return { problems: syntax }
  const value = yaml.value()
  // An empty JSON file is one that is being written; an empty YAML file lists nothing.
  if (value === null && !/\.json$/i.test(path)) return []
  const parsed = targetFile.safeParse(value)
  return parsed.success ? parsed.data : { problems: issuesAt(yaml, [], parsed.error.issues) }
}
