"""The ASGI application that `machi run` serves."""

import os
import warnings

from django.core.asgi import get_asgi_application

# whitenoise hands its (small, immutable) files over in one piece; only answers are streamed.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.site.settings")
application = get_asgi_application()
