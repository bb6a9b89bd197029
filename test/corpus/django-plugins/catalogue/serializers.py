from rest_framework import serializers

from .models import Product
from .pricing import price


class ProductSerializer(serializers.ModelSerializer):
    price = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = ["id", "name", "kind", "price"]

    def get_price(self, product: Product) -> int:
        return price(product.cents, product.kind)
