-- wrk: each request with the next token of a file, from a place of its own on in each run, so
-- that a token comes again only after all the others. The
-- requests are made beforehand: the client should cost as little as with one token.
local requests = {}
local i = 0

function init(args)
   for line in io.lines(args[1]) do
      wrk.headers["Authorization"] = "Bearer " .. line
      requests[#requests + 1] = wrk.format("GET")
   end
   i = tonumber(args[2]) % #requests
end

function request()
   i = i % #requests + 1
   return requests[i]
end
