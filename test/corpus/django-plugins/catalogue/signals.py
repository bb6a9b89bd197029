from django.db.models.signals import post_save
from django.dispatch import receiver

from .models import Product


@receiver(post_save, sender=Product)
def forget_price(sender, instance, **kwargs):
    instance.__dict__.pop("price", None)
