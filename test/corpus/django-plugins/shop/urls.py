from django.http import JsonResponse
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from catalogue.views import ProductViewSet

router = DefaultRouter()
router.register("products", ProductViewSet)


def health(_):
    return JsonResponse({"ok": True})


urlpatterns = [path("health", health), path("api/", include(router.urls))]
