from ledger_money import formatted
from litestar import Controller, get, post
from litestar.di import Provide
from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.store.session import session
from ledger.store.tables import Entry


class NewEntry(Struct):
    account: str
    cents: int


class EntryController(Controller):
    path = "/entries"
    dependencies = {"database": Provide(session)}

    @post()
    async def add(self, data: NewEntry, database: AsyncSession) -> dict:
        database.add(Entry(account=data.account, cents=data.cents))
        await database.commit()
        total = await database.scalar(select(func.sum(Entry.cents)).where(Entry.account == data.account))
        return {"account": data.account, "balance": formatted(total, "EUR")}

    @get("/{account:str}")
    async def listed(self, account: str, database: AsyncSession) -> list[int]:
        return list(await database.scalars(select(Entry.cents).where(Entry.account == account)))
