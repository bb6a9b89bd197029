import dash
import dash_bootstrap_components as dbc

from sales import layout

app = dash.Dash(__name__, external_stylesheets=[dbc.themes.FLATLY], assets_folder="../assets", title="Revenue")
app.layout = layout.page()
server = app.server

from sales import callbacks  # noqa: E402

callbacks.register(app)


@server.get("/health")
def health():
    return {"status": "ok"}
