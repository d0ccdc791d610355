"""`await kernel.aio(...)`: the call runs on a thread of the loop's executor, without Python's lock; cancelling stops the kernel."""

import asyncio
import functools

from kjit import _engine


async def call(kernel, args, keywords):
    stop = _engine.new_stop()
    loop = asyncio.get_running_loop()
    future = loop.run_in_executor(None, functools.partial(kernel._call, args, keywords, stop, 0))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        _engine.request_stop(stop)
        await asyncio.wait([future])  # its arguments must live as long as the kernel runs
        future.exception()  # was looked at
        raise
