"""`python -m marketplace` serves the app, as `make run` does."""

import gc

# Thousands of classes are made while the app is imported, and none of them is garbage: looking for some takes a
# quarter of the start. `serve.main` turns it on again.
gc.disable()

from marketplace.serve import main  # noqa: E402 (after the line above, which is for this import)

main()
