-- wrk: each request with the next token of a file, so that no two in a row are the same.
local tokens = {}
local i = 0

function init(args)
   for line in io.lines(args[1]) do
      tokens[#tokens + 1] = "Bearer " .. line
   end
end

function request()
   i = i % #tokens + 1
   wrk.headers["Authorization"] = tokens[i]
   return wrk.format("GET")
end
