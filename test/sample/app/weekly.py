import io

import matplotlib.pyplot as plt


def weekly_chart() -> str:
    figure, axes = plt.subplots()
    axes.bar(["billing", "access", "bug"], [12, 30, 7])
    svg = io.StringIO()
    figure.savefig(svg, format="svg")
    return svg.getvalue()
