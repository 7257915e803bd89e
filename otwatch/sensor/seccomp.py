"""The kernel forbids the sensor to send on the descriptors it listens on (seccomp(2), by libseccomp where Debian has installed it).

A packet socket can always send, whatever its owner meant to do with it. This filter refuses, with EPERM and for the rest of the
process's life, every call that would write to one of these descriptors or make another name for it; io_uring, which would go
around the filter, is refused altogether. All other descriptors are as before.
"""

import ctypes
import errno
from struct import Struct

_ALLOW = 0x7FFF0000  # seccomp.h: SCMP_ACT_ALLOW
_REFUSE = 0x00050000 | errno.EPERM  # SCMP_ACT_ERRNO(EPERM)
_EQUAL = 4  # enum scmp_compare: SCMP_CMP_EQ
_F_DUPFD, _F_DUPFD_CLOEXEC = 0, 1030  # linux/fcntl.h

FIRST = ("sendto", "sendmsg", "sendmmsg", "write", "writev", "pwrite64", "pwritev", "pwritev2", "sendfile", "dup", "dup2", "dup3")
"""Calls whose first argument is the descriptor that is written to, or copied."""
ALWAYS = ("io_uring_setup", "io_uring_enter", "io_uring_register", "pidfd_getfd")


_COMPARISON = Struct("IiQQ")
"""struct scmp_arg_cmp: position of the argument, comparison, two values."""


def forbid_sending(descriptors: list[int]) -> bool:
    """Whether the kernel now refuses to send on them; False where there is no libseccomp, or it cannot."""
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
    library.seccomp_load.argtypes = library.seccomp_release.argtypes = [ctypes.c_void_p]
    context = library.seccomp_init(_ALLOW)
    if not context:
        return False
    try:
        added = [_refuse(library, context, call, where) for call, where in _rules(descriptors)]
        return all(added) and library.seccomp_load(context) == 0
    finally:
        library.seccomp_release(context)


def _rules(descriptors: list[int]) -> list[tuple[str, tuple[tuple[int, int], ...]]]:
    """Calls to refuse, each with the arguments (position, value) for which it is."""
    found: list[tuple[str, tuple[tuple[int, int], ...]]] = [(call, ()) for call in ALWAYS]
    for descriptor in descriptors:
        found += [(call, ((0, descriptor),)) for call in FIRST]
        found += [("splice", ((2, descriptor),)), ("tee", ((1, descriptor),)), ("vmsplice", ((0, descriptor),))]
        found += [("fcntl", ((0, descriptor), (1, command))) for command in (_F_DUPFD, _F_DUPFD_CLOEXEC)]
    return found


def _refuse(library: ctypes.CDLL, context: int, call: str, where: tuple[tuple[int, int], ...]) -> bool:
    """Add one rule; a call that this library or machine does not know cannot be made either."""
    number = library.seccomp_syscall_resolve_name(call.encode())
    if number < 0:
        return True
    rows = b"".join(_COMPARISON.pack(at, _EQUAL, value, 0) for at, value in where)
    return bool(library.seccomp_rule_add_array(context, _REFUSE, number, len(where), rows) == 0)
