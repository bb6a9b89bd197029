import strawberry
from strawberry.extensions import MaxTokensLimiter, QueryDepthLimiter
from strawberry.types import Info


@strawberry.type
class Author:
    name: str
    born: int


@strawberry.type
class Book:
    title: str
    year: int
    author_key: strawberry.Private[str]

    @strawberry.field
    async def author(self, info: Info) -> Author | None:
        found = await info.context["authors"].load(self.author_key)
        return Author(name=found.name, born=found.born) if found else None


@strawberry.type
class Query:
    @strawberry.field
    def books(self, info: Info, year: int | None = None) -> list[Book]:
        library = info.context["library"]
        return [Book(title=b.title, year=b.year, author_key=b.author) for b in library.books if year in (None, b.year)]


schema = strawberry.Schema(query=Query, extensions=[QueryDepthLimiter(max_depth=8), MaxTokensLimiter(max_token_count=1000)])
