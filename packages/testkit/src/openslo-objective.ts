/**
 * An objective of an OpenSLO composite as YAML of its document's `objectives`: its indicator is the ratio of the counters
 * `NAME_bad_total` and `NAME_total`. `more` are further lines of the objective, each begun by a line break.
 */
export const openSloObjective = (name: string, target: number, more = '') => `
    - displayName: ${name}
      target: ${target}${more}
      indicator:
        metadata: { name: ${name} }
        spec:
          ratioMetric:
            counter: true
            bad: { metricSource: { type: Prometheus, spec: { query: ${name}_bad_total } } }
            total: { metricSource: { type: Prometheus, spec: { query: ${name}_total } } }`
