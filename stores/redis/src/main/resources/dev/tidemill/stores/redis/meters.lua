-- Decides and takes, or settles, for all meters of a request at once. The rules are those of Quota, Rate and Budget.
-- KEYS: for each meter its hash and its leases; then what is there while the request has a reservation, so that a call that
-- comes twice, because its answer was lost, counts once.
-- ARGV: what to do, the request's id, tokens and cost reserved, tokens and cost used, lease in us; then eight for each meter:
-- requests a minute and their burst, tokens a minute and their burst, requests at a time, money a day, the zone's seconds
-- before UTC, the day on which money was reserved. 0 is: not limited.
-- Answers the second it is; for each meter what is left of requests and tokens, requests in flight, day, money spent; what of
-- the last one is used up: 0 nothing, 1 requests at a time, 2 requests, 3 tokens, 4 money.
local what, id = ARGV[1], ARGV[2]
local tokens, cost = tonumber(ARGV[3]), tonumber(ARGV[4])
local usedTokens, usedCost, lease = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local time = redis.call('TIME')
local second = tonumber(time[1])
local now = second * 1000000 + tonumber(time[2])
local answer, meters = {time[1]}, {}
local count = math.floor(#KEYS / 2)
local reservation = KEYS[#KEYS]
local taken = redis.call('GET', reservation)

-- Its value are the days on which money was reserved, for who never heard of them.
local days = {}
for day in string.gmatch(taken or '', '[^,]+') do
  days[#days + 1] = tonumber(day)
end

if what ~= 'reserve' and not taken then
  for i = 1, count do
    redis.call('ZREM', KEYS[2 * i], id)
  end
  return {time[1], 0}
end

local function refilled(saved, burst, perMinute, passed)
  return math.min(burst, (tonumber(saved) or burst) + passed * perMinute / 60000000)
end

local function exact(number)
  return string.format('%.17g', number)
end

for i = 1, count do
  local at = 7 + (i - 1) * 8
  local m = {hash = KEYS[2 * i - 1], leases = KEYS[2 * i]}
  m.requests, m.requestBurst = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  m.tokens, m.tokenBurst = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  m.most, m.perDay = tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
  m.day = math.floor((second + tonumber(ARGV[at + 7])) / 86400)
  local reservedDay = tonumber(ARGV[at + 8])
  if reservedDay == 0 then
    reservedDay = days[i] or 0
  end
  -- A clock that went back refills nothing until it moves on from there, and begins no other day.
  local saved = redis.call('HMGET', m.hash, 'r', 't', 'at', 'day', 'spent')
  local passed = now - (tonumber(saved[3]) or now)
  if passed < 0 then
    passed = 0
    redis.call('HSET', m.hash, 'at', exact(now))
  end
  m.r = refilled(saved[1], m.requestBurst, m.requests, passed)
  m.t = refilled(saved[2], m.tokenBurst, m.tokens, passed)
  m.spent = 0
  local savedDay = tonumber(saved[4])
  if savedDay and savedDay >= m.day then
    m.spent = tonumber(saved[5])
    if savedDay == m.day + 1 then
      m.day = savedDay
    end
  end
  m.flying = 0
  if m.most > 0 then
    redis.call('ZREMRANGEBYSCORE', m.leases, '-inf', exact(now))
    -- None is so long: the clock has gone back since.
    redis.call('ZREMRANGEBYSCORE', m.leases, exact(now + 7200000000), '+inf')
    m.flying = redis.call('ZCARD', m.leases)
  end
  local usedUp = 0
  if what == 'reserve' and not taken then
    if m.most > 0 and m.flying >= m.most then
      usedUp = 1
    elseif m.requestBurst > 0 and m.r < 1 then
      usedUp = 2
    elseif m.tokenBurst > 0 and m.t < math.min(tokens, m.tokenBurst) then
      usedUp = 3
    elseif m.perDay > 0 and cost > 0 and m.spent > m.perDay - cost then
      usedUp = 4
    else
      m.r, m.t, m.spent, m.flying = m.r - 1, m.t - tokens, m.spent + cost, m.flying + 1
    end
  elseif what ~= 'reserve' then
    m.t = math.min(m.tokenBurst, m.t + tokens - usedTokens)
    if what == 'undo' then
      m.r = math.min(m.requestBurst, m.r + 1)
    end
    local back = reservedDay == m.day and cost or 0
    m.spent = math.max(0, m.spent - back + usedCost)
  end
  meters[i] = m
  for _, number in ipairs({m.r, m.t, m.flying, m.day, m.spent}) do
    answer[#answer + 1] = exact(number)
  end
  if usedUp > 0 then
    answer[#answer + 1] = usedUp
    return answer
  end
end

for _, m in ipairs(meters) do
  local ttl = 60000
  local fields = {}
  local function set(name, number)
    fields[#fields + 1], fields[#fields + 2] = name, exact(number)
  end
  if m.requestBurst > 0 then
    set('r', m.r)
    ttl = ttl + (m.requestBurst - m.r) * 60000 / m.requests
  end
  if m.tokenBurst > 0 then
    set('t', m.t)
    ttl = ttl + (m.tokenBurst - m.t) * 60000 / m.tokens
  end
  if #fields > 0 then
    set('at', now)
  end
  if m.perDay > 0 then
    set('day', m.day)
    set('spent', m.spent)
    ttl = math.max(ttl, 2 * 86400000)
  end
  if #fields > 0 then
    redis.call('HSET', m.hash, unpack(fields))
    redis.call('PEXPIRE', m.hash, string.format('%.0f', math.min(ttl, 1e12)))
  end
  if m.most > 0 then
    if what == 'reserve' then
      redis.call('ZADD', m.leases, exact(now + lease), id)
      -- Never earlier than what a longer request before has asked for.
      local keep = lease / 1000 + 60000
      if redis.call('PTTL', m.leases) < keep then
        redis.call('PEXPIRE', m.leases, string.format('%.0f', keep))
      end
    else
      redis.call('ZREM', m.leases, id)
    end
  end
end
if what == 'reserve' and not taken then
  for i, m in ipairs(meters) do
    days[i] = exact(m.day)
  end
  -- Who settles may come late: its Redis may have been away for hours.
  redis.call('SET', reservation, table.concat(days, ','), 'PX', string.format('%.0f', lease / 1000 + 86400000))
elseif what ~= 'reserve' then
  redis.call('DEL', reservation)
end
answer[#answer + 1] = 0
return answer
