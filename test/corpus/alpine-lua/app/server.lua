package.path = "/srv/pages/lib/?.lua;" .. package.path
local socket = require "socket"
local router = require "router"
local settings = dofile "/srv/pages/settings.lua"

router.get("/health", function() return "ok" end)
router.get("/page", function(query)
  local page = require "page"
  return page.render(settings.title, query)
end)
socket.serve(settings.port, router.handle)
