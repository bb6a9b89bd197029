from django.core.checks import Warning, register

from .pricing import pricers


@register()
def has_pricers(app_configs, **kwargs):
    return [] if pricers().names() else [Warning("no pricer is installed", id="catalogue.W001")]
