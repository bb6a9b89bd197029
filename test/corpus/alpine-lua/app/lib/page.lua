local deflate = require "deflate"
local page = {}

function page.render(title, query)
  local file = assert(io.open "/srv/pages/page.html")
  local text = file:read "a":gsub("%$(%w+)", { title = title, query = query })
  file:close()
  return text .. "<!-- " .. deflate.size(text) .. " -->"
end

return page
