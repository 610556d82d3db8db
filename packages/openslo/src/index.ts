export { desiredSlo, type DesiredRule, type DesiredService, type DesiredSlo, type Note } from './desired/desired.ts'
export { exportOpenSlo, exportOriginal, hideConnections, type KeptText } from './export/export-code.ts'
export { codeJsonSchema } from './json-schema.ts'
export { loadCode, type CodeDocument, type LoadedCode } from './load-code.ts'
export { desiredPolicy, namedSteps, stepsOf, type DesiredPolicy } from './nines/budget-policy.ts'
export { desiredCorrection, type DesiredCorrection } from './nines/correction.ts'
export {
  correctionDifferences,
  policyDifferences,
  serviceDifferences,
  sloDifferences,
} from './plan/field-differences.ts'
export { isUnchanged, planCode } from './plan/plan-code.ts'
export { objectsIn, type CodeState, type Live, type Planned, type PlannedCode } from './plan/planned.ts'
export { pathText, whereOf, type Finding } from './read/problem.ts'
export { readDocuments, type CodeFile } from './read/read-documents.ts'
