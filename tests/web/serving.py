"""The page, served on a port of this machine while a test runs."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The address where it is served."""
    served = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", loop="asyncio", http="h11"))
    thread = threading.Thread(target=served.run)
    thread.start()
    while not served.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{served.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        served.should_exit = True
        thread.join()
