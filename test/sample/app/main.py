from fastapi import FastAPI
from pydantic import BaseModel

from app.sorting import sort_tickets

app = FastAPI(title="Tickets")


class Tickets(BaseModel):
    texts: list[str]


@app.get("/health")
def health() -> dict[str, bool]:
    return {"ok": True}


@app.post("/sort")
def sort(tickets: Tickets) -> list[dict[str, str]]:
    return sort_tickets(tickets.texts)


@app.get("/report")
def report() -> str:
    # Asked for once a week: what it needs is not loaded at startup.
    from app.weekly import weekly_chart

    return weekly_chart()
