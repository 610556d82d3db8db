import { Client } from 'pg'

const CHANNEL = 'bench_firing'
/** NOTIFY is delivered when the transaction is committed, to connections that know nothing else of it. */
const TRIGGER = `
create function bench_firing() returns trigger language plpgsql as $$
begin
  if new.state = 'firing' and (tg_op = 'INSERT' or old.state is distinct from 'firing') then
    perform pg_notify('${CHANNEL}', json_build_object('rule', new."ruleId", 'severity', new.severity,
      'evaluatedAt', new."verdictAt", 'writtenAt', extract(epoch from clock_timestamp()) * 1000)::text);
  end if;
  return null;
end $$;
create trigger bench_firing after insert or update on "Alert" for each row execute function bench_firing();
`

/** An alert row that became firing. All instants are epoch ms. */
export interface FiringAlert {
  rule: string
  severity: string
  /** When evaluate came to its verdict, and when the row was written. */
  evaluatedAt: number
  writtenAt: number
  /** When another connection was told of the commit. */
  committedAt: number
}

/** Hears of every alert row that becomes firing, at its commit. */
export async function listenToFiring(
  databaseUrl: string,
  heard: (alert: FiringAlert) => void,
): Promise<{ close(): Promise<void> }> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(TRIGGER)
  client.on('notification', ({ payload }) => {
    const committedAt = Date.now()
    heard({ ...(JSON.parse(payload ?? '{}') as Omit<FiringAlert, 'committedAt'>), committedAt })
  })
  await client.query(`listen ${CHANNEL}`)
  return { close: () => client.end() }
}
