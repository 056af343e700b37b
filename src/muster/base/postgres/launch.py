"""Becomes one of PostgreSQL's programs: drops root, asks the kernel to end it with Muster, and executes it.

Run as a script of its own (`python -I -S launch.py PARENT UID GID SIGNAL PROGRAM ARGS…`), not imported. Popen(user=…) would
do for the user, but the kernel forgets the parent-death signal when the user changes, so it must be asked for after that
and before the program starts; and a hook between fork and exec (preexec_fn) is unsafe in a process with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def main(parent: int, uid: int, gid: int, signal: int, command: list[str]) -> None:
    """Replace this process by `command` as user `uid`; the kernel sends it `signal` when process `parent` dies."""
    if uid != os.geteuid():
        try:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        except OSError as error:
            sys.exit(f"launch: cannot become user {uid}: {error.strerror}")
    os.umask(0o077)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
        # Whatever a database is talked into running, no set-uid program gives it back what it dropped.
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("launch: Muster ended before PostgreSQL began")
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.exit(f"launch: cannot execute {command[0]}: {error.strerror}")


if __name__ == "__main__":
    _parent, _uid, _gid, _signal = map(int, sys.argv[1:5])
    main(_parent, _uid, _gid, _signal, sys.argv[5:])
