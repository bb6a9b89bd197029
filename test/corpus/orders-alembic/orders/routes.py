from pathlib import Path

from fastapi import APIRouter, Depends, Request
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, Field
from sqlalchemy import select

from .database import AsyncSession, session
from .models import Line, Order

router = APIRouter()
templates = Jinja2Templates(directory=Path(__file__).parent / "templates")


class NewLine(BaseModel):
    sku: str
    quantity: int = Field(gt=0)
    cents: int


class NewOrder(BaseModel):
    customer: str
    lines: list[NewLine]


@router.post("/orders", status_code=201)
async def place(new: NewOrder, database: AsyncSession = Depends(session)):
    from .receipts import receipt

    order = Order(customer=new.customer, lines=[Line(**line.model_dump()) for line in new.lines])
    database.add(order)
    await database.commit()
    return {"id": order.id, "receipt": receipt(order)}


@router.get("/orders")
async def overview(request: Request, database: AsyncSession = Depends(session)):
    orders = (await database.scalars(select(Order).order_by(Order.id.desc()).limit(50))).all()
    return templates.TemplateResponse(request, "orders.html", {"orders": orders})
