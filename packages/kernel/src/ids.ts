import { monotonicFactory } from 'ulid'

const nextUlid = monotonicFactory()

/** What an id names; the prefix makes an id readable in logs, URLs and payloads. */
export type IdPrefix =
  | 'wsp' // workspace
  | 'usr' // user
  | 'mem' // membership
  | 'inv' // invitation
  | 'key' // API key
  | 'team'
  | 'svc' // service
  | 'slo'
  | 'slv' // SLO version
  | 'rule'
  | 'cod' // document of code
  | 'gex' // exception from a freeze gate
  | 'bpo' // budget policy
  | 'bpc' // change of a budget policy
  | 'bev' // threshold on a budget that was crossed
  | 'alt' // alert
  | 'sil' // silence
  | 'sch' // schedule
  | 'ovr' // schedule override
  | 'pol' // escalation policy
  | 'stp' // escalation step
  | 'esc' // escalation (a policy walking for one alert)
  | 'chn' // channel
  | 'pag' // page
  | 'msg' // outbox message: the webhook-id
  | 'dlv' // delivery attempt
  | 'inc' // incident
  | 'tev' // timeline event
  | 'rev' // review
  | 'act' // action item
  | 'chk' // check
  | 'chi' // interval of a check, from an instant on
  | 'chg' // deploy or change
  | 'chr' // what a change said before
  | 'cor' // correction of figures
  | 'svv' // version of a service that spans carried
  | 'req' // request

/** A sortable unique id such as `alt_01J9…` (ULID, lower case, 26 characters after the prefix). */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${nextUlid().toLowerCase()}`
}
