from celery import shared_task


@shared_task
def summary(values: list[float]) -> dict:
    import numpy as np

    array = np.asarray(values, dtype=float)
    return {"mean": float(array.mean()), "p90": float(np.percentile(array, 90))}
