"""The WSGI entry: `gunicorn wsgi:app` or `flask --app wsgi ...`."""

import sys

from marketplace import create_app
from marketplace.config import SettingError

try:
    app = create_app()
except SettingError as error:
    sys.exit(str(error))
