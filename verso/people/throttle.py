"""Throttling of whatever lets people in: so many attempts per account and per address, then a pause."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

PER_ACCOUNT = RateLimitItemPerMinute(10, 15)
PER_ADDRESS = RateLimitItemPerMinute(50, 15)


class TooManyAttempts(Exception):
    """Wait `seconds` before the next attempt."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts: wait {seconds} s")
        self.seconds = seconds


class Throttle:
    """Counts attempts in this process; keys are what the server knows, never what a form says."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def attempt(self, account: str, address: str, *, everywhere: bool = False) -> None:
        """Count an attempt to get in; TooManyAttempts if it is one too many.

        The account's count is per address too: a stranger cannot lock somebody out from afar. It is
        for all addresses with `everywhere`, where who tries has shown the password before.
        """
        pairs = (
            (PER_ADDRESS, "from:" + address),
            (PER_ACCOUNT, _key(account, address, everywhere)),
        )
        for limit, key in pairs:
            if not self._limiter.hit(limit, key):
                reset = self._limiter.get_window_stats(limit, key).reset_time
                raise TooManyAttempts(max(1, math.ceil(reset - time.time())))

    def forget(self, account: str, address: str, *, everywhere: bool = False) -> None:
        """After a success the account's earlier attempts from there do not count."""
        self._limiter.clear(PER_ACCOUNT, _key(account, address, everywhere))


def _key(account: str, address: str, everywhere: bool) -> str:
    return f"account:{account}:{'' if everywhere else address}"
