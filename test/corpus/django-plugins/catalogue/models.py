from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, db_index=True)
    cents = models.PositiveIntegerField()

    class Meta:
        ordering = ["name"]
