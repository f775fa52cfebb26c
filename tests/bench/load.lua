-- SPDX-License-Identifier: Apache-2.0
-- What wrk sends: `wrk -s load.lua URL -- get|pages|put FIRST ACCOUNTS KEY [PATHS]`; ends with one line of figures, "bench {...}".
-- Ids are the whole numbers from FIRST on; what a PUT says of an account must be what book.py says, but for a few employees. PATHS is a file
-- with a path a line, of which each page asked for is one.

local threads = 0

function setup(thread)
	threads = threads + 1
	thread:set("number", threads)
end

local industries = {"agriculture", "chemicals", "construction", "education", "energy", "finance", "health", "logistics",
	"manufacturing", "retail", "software", "tourism"}
local regions = {"North", "East", "South", "West"}
local first, accounts
local paths = {}

local function get()
	return wrk.format("GET", "/v1/accounts/" .. (first + math.random(0, accounts - 1)))
end

local function put()
	local n = math.random(0, accounts - 1)
	local body = string.format('{"name":"Account %d","industry":"%s","region":"%s","employees":%d,"client_since":"2020-%02d-01"}', n,
		industries[n % 12 + 1], regions[n % 4 + 1], 20 + n * 7919 % 3000 + math.random(0, 9), n % 11 + 1)
	return wrk.format("PUT", "/v1/accounts/" .. (first + n), nil, body)
end

local function one_of_pages()
	return paths[math.random(#paths)]
end

local cases = {get = get, put = put, pages = one_of_pages}

function init(args)
	wrk.headers["Authorization"] = "Bearer " .. args[4]
	wrk.headers["Content-Type"] = "application/json"
	first, accounts = tonumber(args[2]), tonumber(args[3])
	math.randomseed(os.time() * 16 + number)
	for path in args[5] and io.lines(args[5]) or function() end do
		paths[#paths + 1] = wrk.format("GET", path)
	end
	request = cases[args[1]]
end

function done(summary, latency)
	local e = summary.errors
	io.write(string.format('bench {"rate": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "errors": %d}\n', summary.requests / summary.duration * 1e6,
		latency:percentile(50) / 1000, latency:percentile(99) / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
