from django_filters import rest_framework as filters
from rest_framework import viewsets

from .models import Product
from .serializers import ProductSerializer


class ProductFilter(filters.FilterSet):
    class Meta:
        model = Product
        fields = ["kind"]


class ProductViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
