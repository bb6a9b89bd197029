import plotly.express as px
from dash import Input, Output

from sales.data import table


def register(app):
    @app.callback(Output("revenue", "figure"), Input("region", "value"))
    def revenue(region):
        from statsmodels.tsa.holtwinters import ExponentialSmoothing

        chosen = table().query("region == @region")
        ahead = ExponentialSmoothing(chosen["revenue"].to_numpy(), trend="add").fit().forecast(30)
        figure = px.line(chosen, x="day", y="revenue", title=region.title())
        figure.add_hline(y=float(ahead[-1]))
        return figure
