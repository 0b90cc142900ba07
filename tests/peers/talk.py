"""Lines of JSON between a script and the test that started it. The script ends when the test does."""

import asyncio
import json
import os
import sys
import traceback

# What a library prints must not stand between the lines.
_told = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def tell(**what):
    _told.write(json.dumps(what, ensure_ascii=False) + "\n")
    _told.flush()


def or_end(function):
    """A mistake in the script itself ends it, so that the test that waits for it hears of it."""

    async def guarded(*given, **named):
        try:
            return await function(*given, **named)
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception:
            traceback.print_exc()
            os._exit(1)

    return guarded


async def orders():
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield json.loads(line)
    os._exit(0)
