"""The ASGI application that `machi run` serves."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.site.settings")
application = get_asgi_application()
