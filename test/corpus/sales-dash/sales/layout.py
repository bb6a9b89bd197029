import dash_bootstrap_components as dbc
from dash import dcc, html

from sales.data import regions


def page():
    return dbc.Container(
        [
            html.H1("Revenue"),
            dcc.Dropdown(regions(), "north", id="region"),
            dcc.Loading(dcc.Graph(id="revenue")),
        ],
        fluid=True,
    )
