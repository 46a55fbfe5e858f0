"""The pages about proposals, in the modules below by what people do there."""

from marketplace.web.board import accepting, answering, better, computing, showing
from marketplace.web.board.blueprint import blueprint

__all__ = ["accepting", "answering", "better", "blueprint", "computing", "showing"]
