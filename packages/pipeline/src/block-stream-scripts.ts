import type { Redis } from 'ioredis'

/**
 * First line of the scripts by which the store gets memory back. A full Redis refuses every other command that could
 * need some; were the store's few bytes of book refused as well, nothing would ever be trimmed again.
 */
const ALLOW_OOM = '#!lua flags=allow-oom'

/**
 * Requests that a shard remembers, about 25 MB. By number and not by time: while nothing can be appended nothing is
 * forgotten, so a request that comes again after a long outage is still known.
 */
const REMEMBERED_REQUESTS = 200_000

/**
 * The steps on the stream that must happen as a whole. Answers are an array whose first item names the outcome; a block
 * and its length always get the same id, because both XADDs stand in one script. A block and the ids of the requests it
 * is made of (ARGV from 3) come into Redis together or not at all, through a crash too: what a script writes is one
 * transaction of the append-only file.
 */
export const APPEND = `
local repeated = {'repeated'}
for i = 3, #ARGV do
  if redis.call('ZSCORE', KEYS[4], ARGV[i]) then repeated[#repeated + 1] = tostring(i - 3) end
end
if #repeated > 1 then return repeated end
local held = tonumber(redis.call('GET', KEYS[3]) or '0')
if held + #ARGV[1] > tonumber(ARGV[2]) then return {'full', tostring(held)} end
local id = redis.call('XADD', KEYS[1], '*', 'b', ARGV[1])
redis.call('XADD', KEYS[2], id, 's', #ARGV[1])
redis.call('INCRBY', KEYS[3], #ARGV[1])
if #ARGV > 2 then
  local time = redis.call('TIME')
  local now = math.floor(tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000)
  for i = 3, #ARGV do redis.call('ZADD', KEYS[4], now, ARGV[i]) end
  local surplus = redis.call('ZCARD', KEYS[4]) - ${REMEMBERED_REQUESTS}
  if surplus > 0 then redis.call('ZREMRANGEBYRANK', KEYS[4], 0, surplus - 1) end
end
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

/**
 * Removes at most 500 entries that are stored and that nobody needs any more, so that no call holds the server for long.
 * An entry is kept for readers behind the store until it is older than the tail (ARGV[1], ms). Above the soft limit
 * (ARGV[2], bytes) it goes as soon as every reader that reported within 10 s is past it, and above the hard limit
 * (ARGV[3]) whoever has read it: a reader that falls so far behind rebuilds from the store.
 */
const TRIM = `${ALLOW_OOM}
local position = redis.call('GET', KEYS[5]) or '0-0'
local time = redis.call('TIME')
local now = math.floor(tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000)
local edge = now - tonumber(ARGV[1])
local held = tonumber(redis.call('GET', KEYS[3]) or '0')
local stored = redis.call('XRANGE', KEYS[2], '-', position, 'COUNT', 500)
if #stored == 0 then return 0 end
local function parts(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local slowestMs, slowestSeq = math.huge, 0
local readers = redis.call('HGETALL', KEYS[6])
for i = 1, #readers, 2 do
  local id, at = string.match(readers[i + 1], '^(%S+) (%d+)$')
  if not at or now - tonumber(at) > 10000 then
    redis.call('HDEL', KEYS[6], readers[i])
  else
    local ms, seq = parts(id)
    if ms < slowestMs or (ms == slowestMs and seq < slowestSeq) then slowestMs, slowestSeq = ms, seq end
  end
end
local freed = 0
local ids = {}
for i = 1, #stored do
  local ms, seq = parts(stored[i][1])
  local left = held - freed
  local isRead = ms < slowestMs or (ms == slowestMs and seq <= slowestSeq)
  local goes = ms <= edge or (left > tonumber(ARGV[2]) and isRead) or left > tonumber(ARGV[3])
  if not goes then break end
  freed = freed + tonumber(stored[i][2][2])
  ids[i] = stored[i][1]
end
if #ids == 0 then return 0 end
redis.call('XDEL', KEYS[1], unpack(ids))
redis.call('XDEL', KEYS[2], unpack(ids))
redis.call('DECRBY', KEYS[3], string.format('%.0f', freed))
redis.call('SET', KEYS[4], ids[#ids])
return #ids`

/** Says how far a reader has read, by the clock that the trim uses. */
const REPORT_READER = `${ALLOW_OOM}
local time = redis.call('TIME')
local now = math.floor(tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', now))
return 1`

/**
 * Appends blocks that were made from the entries of the open record, once for the record however often it is asked for:
 * the note that it was done and the blocks themselves come in one step. They are taken above the limit of bytes as well,
 * because what they come from was taken already.
 */
const APPEND_DERIVED = `${ALLOW_OOM}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'fenced'} end
local open = redis.call('GET', KEYS[2])
if not open or cjson.decode(open).id ~= ARGV[2] then return {'missing'} end
if redis.call('GET', KEYS[6]) == ARGV[2] then return {'ok', 'already'} end
for i = 3, #ARGV do
  local id = redis.call('XADD', KEYS[3], '*', 'b', ARGV[i])
  redis.call('XADD', KEYS[4], id, 's', #ARGV[i])
  redis.call('INCRBY', KEYS[5], #ARGV[i])
end
redis.call('SET', KEYS[6], ARGV[2])
return {'ok', 'appended'}`

/** Moves a dead letter's block back to the end of the stream; 0 when somebody else did or the letter is gone. */
const REPLAY = `
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then return 0 end
local fields = found[1][2]
local block
for i = 1, #fields, 2 do if fields[i] == 'b' then block = fields[i + 1] end end
local id = redis.call('XADD', KEYS[2], '*', 'b', block)
redis.call('XADD', KEYS[3], id, 's', #block)
redis.call('INCRBY', KEYS[4], #block)
redis.call('XDEL', KEYS[1], ARGV[1])
return 1`

/** Notes buckets at this instant of the server's clock. */
const MARK_BUCKETS = `${ALLOW_OOM}
local time = redis.call('TIME')
local now = string.format('%.0f', math.floor(tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000))
for i = 1, #ARGV do redis.call('HSET', KEYS[1], ARGV[i], now) end
return #ARGV`

/** Buckets whose computing is remembered, for those who hold computed sums in memory. */
export const SETTLED_BUCKETS_KEPT = 4_000

/**
 * Drops buckets that still carry the note that the caller has read; ARGV are pairs of bucket and note. KEYS[2] remembers when
 * each was computed: microseconds of Redis' clock that go up with every call, whatever the clock does.
 */
const SETTLE_BUCKETS = `${ALLOW_OOM}
local time = redis.call('TIME')
local newest = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local at = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), (tonumber(newest[2]) or 0) + 1)
local score = string.format('%.0f', at)
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
  redis.call('ZADD', KEYS[2], score, ARGV[i])
end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -${SETTLED_BUCKETS_KEPT + 1})
return 1`

/** The scripts as methods of a connection; keys first, then arguments. */
export interface BlockStreamCommands {
  nAcquire(lease: string, owner: string, ttlMs: number): Promise<number>
  nRenew(lease: string, owner: string, ttlMs: number): Promise<number>
  nRelease(lease: string, owner: string): Promise<number>
  nOpenRecord(...keysAndArguments: (string | number)[]): Promise<string[]>
  nAmendRecord(lease: string, record: string, owner: string, recordId: string, json: string): Promise<string[]>
  nCompleteRecord(...keysAndArguments: (string | number)[]): Promise<string[]>
  nTrim(...keysAndArguments: (string | number)[]): Promise<number>
  nReportReader(readers: string, reader: string, position: string): Promise<number>
  nMarkBuckets(book: string, ...starts: number[]): Promise<number>
  nSettleBuckets(book: string, settled: string, ...startsAndNotes: number[]): Promise<number>
  nReplay(letters: string, blocks: string, sizes: string, bytes: string, id: string): Promise<number>
  nAppendDerived(...keysAndArguments: (string | Buffer)[]): Promise<string[]>
}

export function defineBlockStreamCommands(redis: Redis): Redis & BlockStreamCommands {
  redis.defineCommand('nAcquire', { numberOfKeys: 1, lua: ACQUIRE })
  redis.defineCommand('nRenew', { numberOfKeys: 1, lua: RENEW })
  redis.defineCommand('nRelease', { numberOfKeys: 1, lua: RELEASE })
  redis.defineCommand('nOpenRecord', { numberOfKeys: 4, lua: OPEN_RECORD })
  redis.defineCommand('nAmendRecord', { numberOfKeys: 2, lua: AMEND_RECORD })
  redis.defineCommand('nCompleteRecord', { numberOfKeys: 4, lua: COMPLETE_RECORD })
  redis.defineCommand('nTrim', { numberOfKeys: 6, lua: TRIM })
  redis.defineCommand('nReportReader', { numberOfKeys: 1, lua: REPORT_READER })
  redis.defineCommand('nMarkBuckets', { numberOfKeys: 1, lua: MARK_BUCKETS })
  redis.defineCommand('nSettleBuckets', { numberOfKeys: 2, lua: SETTLE_BUCKETS })
  redis.defineCommand('nReplay', { numberOfKeys: 4, lua: REPLAY })
  redis.defineCommand('nAppendDerived', { numberOfKeys: 6, lua: APPEND_DERIVED })
  return redis as Redis & BlockStreamCommands
}
