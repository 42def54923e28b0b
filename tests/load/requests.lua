-- The requests of one workload, for wrk. Arguments: the workload's name, the folder with people.txt and entry.json.
-- Prints one line of JSON at the end, since wrk's own report is for people.

local people, tips, situations, body = {}, {}, {}, ""
local next_request, count = nil, 0

local function words(line)
  local list = {}
  for word in line:gmatch("%S+") do list[#list + 1] = word end
  return list
end

local function read(folder)
  for line in io.lines(folder .. "/people.txt") do
    local list = words(line)
    local kind = table.remove(list, 1)
    if kind == "person" then
      local head = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. table.remove(list, 1) .. "\r\n"
      people[#people + 1] = { head = head, entries = list }
    elseif kind == "tips" then
      tips = list
    else
      situations = list
    end
  end
  local file = io.open(folder .. "/entry.json")
  body = file:read("*a")
  file:close()
end

local anonymous = " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

-- Round-robin over the people, and for each of them over what there is, so that every row has its turn.
local function person() return people[count % #people + 1] end
local function turn(list) return list[math.floor(count / #people) * 7 % #list + 1] end
local function any(list) return list[count * 7 % #list + 1] end

local kinds = {
  W1 = function() return "GET /v1/tips/" .. any(tips) .. person().head .. "\r\n" end,
  W1p = function() return "GET /v1/tips/" .. any(tips) .. anonymous end,
  W2 = function() return "GET /v1/tips?limit=20&situations=" .. any(situations) .. person().head .. "\r\n" end,
  W2p = function() return "GET /v1/tips?limit=20&situations=" .. any(situations) .. anonymous end,
  W3 = function()
    local who = person()
    return "GET /v1/journal-entries/" .. turn(who.entries) .. who.head .. "\r\n"
  end,
  W4 = function() return "GET /v1/journal-entries?limit=20" .. person().head .. "\r\n" end,
  W5 = function()
    return "POST /v1/journal-entries" .. person().head .. "Content-Type: application/json\r\nContent-Length: "
      .. #body .. "\r\n\r\n" .. body
  end,
}

local mix = {}
for kind, share in pairs({ W4 = 7, W3 = 7, W1 = 2, W2 = 2, W5 = 2 }) do
  for _ = 1, share do mix[#mix + 1] = kind end
end
table.sort(mix)

-- Seven and twenty have no common factor: the kinds take turns instead of coming in rows.
kinds.W6 = function() return kinds[mix[count * 7 % #mix + 1]]() end

function init(args)
  read(args[2])
  next_request = kinds[args[1]]
end

function request()
  count = count + 1
  return next_request()
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"p50_us":%d,"p99_us":%d,"max_us":%d,"bytes":%d,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), latency.max,
    summary.bytes, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
