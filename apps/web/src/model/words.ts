/** Words for values of the API that a page shows to a person. */
export const FACTOR_ROLE = {
  trigger: 'Trigger',
  latent: 'Latent condition',
  amplifier: 'Amplifier',
  mitigator: 'Mitigator',
} as const

export const DEFENCE_OUTCOME = {
  worked: 'Worked',
  absent: 'Absent',
  present_not_triggered: 'Present, not triggered',
  triggered_ignored: 'Triggered, not acted on',
  bypassed: 'Bypassed',
  too_late: 'Too late',
} as const

export const ACTION_EFFECT = {
  helped: 'Helped',
  no_effect: 'No effect',
  harmed: 'Made it worse',
  unknown: 'Not known',
} as const

export const ACTION_TYPE = {
  investigate: 'Investigate',
  mitigate: 'Mitigate',
  repair: 'Repair',
  detect: 'Detect',
  prevent: 'Prevent',
} as const

export const ACTION_STATE = { open: 'Open', in_progress: 'In progress', done: 'Done' } as const

export const CHANGE_KIND = { deploy: 'Deploy', config: 'Config change', feature_flag: 'Feature flag' } as const

export const SEVERITY_WORDS = {
  sev1: 'SEV 1',
  sev2: 'SEV 2',
  sev3: 'SEV 3',
  sev4: 'SEV 4',
} as const

export const ROLE_WORDS = {
  viewer: 'Viewer: sees everything',
  responder: 'Responder: acknowledges, resolves, silences, writes reviews',
  editor: 'Editor: changes SLOs, checks, schedules and policies',
  admin: 'Admin: members, keys and channels too',
} as const

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** "no_data" -> "No data". */
export function sentence(value: string): string {
  const words = value.replace(/[_.]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Options of a select made of such a table. */
export function optionsOf(words: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}
