-- wrk: each request with the next token of a file, so that no two in a row are the same. The
-- requests are made beforehand: the client should cost as little as with one token.
local requests = {}
local i = 0

function init(args)
   for line in io.lines(args[1]) do
      wrk.headers["Authorization"] = "Bearer " .. line
      requests[#requests + 1] = wrk.format("GET")
   end
end

function request()
   i = i % #requests + 1
   return requests[i]
end
