-- A purchase in Redis: the same order of refusals as server/purchases/decide.ts, atomic because a script is.
--
-- KEYS: 1 item, 2 wallet, 3 the attempt of this user and key, 4 units that the user holds
-- ARGV: 1 id, 2 quantity, 3 fingerprint
-- Answers the attempt, with "earlier|" before it when it was decided earlier; or ITEM_NOT_FOUND. An attempt is
-- fingerprint|refusal code|id|amount|balance|remaining|position|time.

local earlier = redis.call('GET', KEYS[3])
if earlier then
  return 'earlier|' .. earlier
end

local item = redis.call('HMGET', KEYS[1], 'price', 'remaining', 'limit', 'position', 'starts', 'ends', 'paused', 'cancelled')
if not item[1] then
  return 'ITEM_NOT_FOUND'
end
local wallet = redis.call('HMGET', KEYS[2], 'active', 'balance')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local quantity = tonumber(ARGV[2])
local remaining = tonumber(item[2])
local balance = tonumber(wallet[2] or '0')
local amount = tonumber(item[1]) * quantity

local code = ''
if wallet[1] ~= '1' then
  code = 'CUSTOMER_INACTIVE'
elseif item[8] ~= '' and now >= tonumber(item[8]) then
  code = 'SALE_CANCELLED'
elseif now < tonumber(item[5]) then
  code = 'SALE_NOT_STARTED'
elseif now >= tonumber(item[6]) then
  code = 'SALE_ENDED'
elseif item[7] ~= '' and now >= tonumber(item[7]) then
  code = 'SALE_PAUSED'
elseif quantity > remaining then
  code = 'OUT_OF_STOCK'
elseif item[3] ~= '' and tonumber(redis.call('GET', KEYS[4]) or '0') + quantity > tonumber(item[3]) then
  code = 'LIMIT_REACHED'
elseif amount > balance then
  code = 'INSUFFICIENT_BALANCE'
end

local attempt
if code == '' then
  local position = tonumber(item[4]) + 1
  remaining = remaining - quantity
  balance = balance - amount
  redis.call('HSET', KEYS[1], 'remaining', remaining, 'position', position)
  redis.call('HSET', KEYS[2], 'balance', balance)
  if item[3] ~= '' then
    redis.call('INCRBY', KEYS[4], quantity)
  end
  attempt = string.format('%s||%s|%d|%d|%d|%d|%d', ARGV[3], ARGV[1], amount, balance, remaining, position, now)
else
  attempt = string.format('%s|%s|%s|||||%d', ARGV[3], code, ARGV[1], now)
end
redis.call('SET', KEYS[3], attempt)
return attempt
