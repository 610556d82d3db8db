import type { Redis } from 'ioredis'

/**
 * First line of the scripts by which the store gets memory back. A full Redis refuses every other command that could
 * need some; were the store's few bytes of book refused as well, nothing would ever be trimmed again.
 */
const ALLOW_OOM = '#!lua flags=allow-oom'

/**
 * The steps on the stream that must happen as a whole. Answers are an array whose first item names the outcome; a block
 * and its length always get the same id, because both XADDs stand in one script.
 */
const APPEND = `
local held = tonumber(redis.call('GET', KEYS[3]) or '0')
if held + #ARGV[1] > tonumber(ARGV[2]) then return {'full', tostring(held)} end
local id = redis.call('XADD', KEYS[1], '*', 'b', ARGV[1])
redis.call('XADD', KEYS[2], id, 's', #ARGV[1])
redis.call('INCRBY', KEYS[3], #ARGV[1])
return {'ok', id}`

/** Takes a free lease or prolongs one's own. */
const ACQUIRE = `${ALLOW_OOM}
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`

/** Prolongs only what is still held: a lease that ran out must be acquired anew. */
const RENEW = `${ALLOW_OOM}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`

const RELEASE = `${ALLOW_OOM}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1`

/** A record must be exactly the entries that follow the position: nothing left out, nothing twice. */
const OPEN_RECORD = `${ALLOW_OOM}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'fenced'} end
local open = redis.call('GET', KEYS[2])
if open then
  if cjson.decode(open).id == ARGV[2] then return {'ok'} end
  return {'busy', cjson.decode(open).id}
end
local position = redis.call('GET', KEYS[3]) or '0-0'
local first = redis.call('XRANGE', KEYS[4], '(' .. position, '+', 'COUNT', 1)
if #first == 0 or first[1][1] ~= ARGV[3] then return {'gap', position} end
local entries = redis.call('XRANGE', KEYS[4], ARGV[3], ARGV[4], 'COUNT', tonumber(ARGV[5]) + 1)
if #entries ~= tonumber(ARGV[5]) or entries[#entries][1] ~= ARGV[4] then return {'count', tostring(#entries)} end
redis.call('SET', KEYS[2], ARGV[6])
return {'ok'}`

/** Replaces the open record by one of the same id and range: a different list of excluded entries. */
const AMEND_RECORD = `${ALLOW_OOM}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'fenced'} end
local open = redis.call('GET', KEYS[2])
if not open or cjson.decode(open).id ~= ARGV[2] then return {'missing'} end
redis.call('SET', KEYS[2], ARGV[3])
return {'ok'}`

const COMPLETE_RECORD = `${ALLOW_OOM}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'fenced'} end
if redis.call('GET', KEYS[4]) == ARGV[2] then return {'ok'} end
local open = redis.call('GET', KEYS[2])
if not open or cjson.decode(open).id ~= ARGV[2] then return {'missing'} end
redis.call('SET', KEYS[3], cjson.decode(open).lastId)
redis.call('SET', KEYS[4], ARGV[2])
redis.call('DEL', KEYS[2])
return {'ok'}`

/** Removes at most 500 entries that are stored and older than the tail, so that no call holds the server for long. */
const TRIM = `${ALLOW_OOM}
local position = redis.call('GET', KEYS[5]) or '0-0'
local time = redis.call('TIME')
local edge = math.floor(tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000) - tonumber(ARGV[1])
if edge < 0 then return 0 end
local old = redis.call('XRANGE', KEYS[2], '-', string.format('%.0f', edge), 'COUNT', 500)
local stored = redis.call('XRANGE', KEYS[2], '-', position, 'COUNT', 500)
local count = math.min(#old, #stored)
if count == 0 then return 0 end
local freed = 0
local ids = {}
for i = 1, count do
  freed = freed + tonumber(old[i][2][2])
  ids[i] = old[i][1]
end
redis.call('XDEL', KEYS[1], unpack(ids))
redis.call('XDEL', KEYS[2], unpack(ids))
redis.call('DECRBY', KEYS[3], string.format('%.0f', freed))
redis.call('SET', KEYS[4], ids[count])
return count`

/** The scripts as methods of a connection; keys first, then arguments. */
export interface BlockStreamCommands {
  nAppend(blocks: string, sizes: string, bytes: string, block: Buffer, maxBytes: number): Promise<string[]>
  nAcquire(lease: string, owner: string, ttlMs: number): Promise<number>
  nRenew(lease: string, owner: string, ttlMs: number): Promise<number>
  nRelease(lease: string, owner: string): Promise<number>
  nOpenRecord(...keysAndArguments: (string | number)[]): Promise<string[]>
  nAmendRecord(lease: string, record: string, owner: string, recordId: string, json: string): Promise<string[]>
  nCompleteRecord(...keysAndArguments: (string | number)[]): Promise<string[]>
  nTrim(...keysAndArguments: (string | number)[]): Promise<number>
}

export function defineBlockStreamCommands(redis: Redis): Redis & BlockStreamCommands {
  redis.defineCommand('nAppend', { numberOfKeys: 3, lua: APPEND })
  redis.defineCommand('nAcquire', { numberOfKeys: 1, lua: ACQUIRE })
  redis.defineCommand('nRenew', { numberOfKeys: 1, lua: RENEW })
  redis.defineCommand('nRelease', { numberOfKeys: 1, lua: RELEASE })
  redis.defineCommand('nOpenRecord', { numberOfKeys: 4, lua: OPEN_RECORD })
  redis.defineCommand('nAmendRecord', { numberOfKeys: 2, lua: AMEND_RECORD })
  redis.defineCommand('nCompleteRecord', { numberOfKeys: 4, lua: COMPLETE_RECORD })
  redis.defineCommand('nTrim', { numberOfKeys: 5, lua: TRIM })
  return redis as Redis & BlockStreamCommands
}
