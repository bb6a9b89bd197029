from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/health")
async def health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


@routes.post("/pages/{name}")
async def store(request: web.Request) -> web.Response:
    import markdown

    body = await request.json()
    await request.app["database"].execute("insert or replace into pages values (?, ?)", (request.match_info["name"], body["text"]))
    html = markdown.markdown(body["text"], extensions=["tables", "fenced_code"])
    page = request.app["templates"].get_template("page.html").render(name=request.match_info["name"], html=html)
    return web.Response(text=page, content_type="text/html")


@routes.get("/badge/{text}.png")
async def badge(request: web.Request) -> web.Response:
    from io import BytesIO

    from PIL import Image, ImageDraw

    image = Image.new("RGB", (120, 24), "white")
    ImageDraw.Draw(image).text((4, 6), request.match_info["text"], fill="black")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return web.Response(body=buffer.getvalue(), content_type="image/png")
