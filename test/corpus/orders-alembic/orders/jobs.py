import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import delete

from .database import sessions
from .models import Order
from .settings import settings

log = structlog.get_logger()


async def sweep() -> None:
    async with sessions() as session:
        gone = await session.execute(delete(Order).where(Order.customer == ""))
        await session.commit()
    log.info("swept", orders=gone.rowcount)


def scheduler() -> AsyncIOScheduler:
    made = AsyncIOScheduler(timezone="UTC")
    made.add_job(sweep, "interval", minutes=settings().sweep_minutes)
    return made
