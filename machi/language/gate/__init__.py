"""The mechanics of calling a language model: where a call may go, how it is made, when it is left alone.

Nothing here stores anything or knows of municipalities; ``machi.governance.domain.gate`` is the one place
that calls a model, and it calls it through this package.
"""
