local router, routes = {}, {}

function router.get(path, handler) routes[path] = handler end

function router.handle(request)
  local path, query = request:match "^%u+ ([^ ?]*)%??([^ ]*)"
  local handler = routes[path]
  local body = handler and handler(query) or "nothing here"
  return ("HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"):format(handler and "200 OK" or "404 Not Found", #body, body)
end

return router
