from strawberry.dataloader import DataLoader

from .library import Library


def author_loader(library: Library) -> DataLoader:
    async def load(keys: list[str]):
        return [library.authors.get(key) for key in keys]

    return DataLoader(load_fn=load)
