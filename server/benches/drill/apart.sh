#!/bin/sh
# Runs a program in a network, a tree of mounts and a list of processes of its own:
#   apart.sh PYTHON PROGRAM [ARGUMENT]...
# All three end with the program, however it ends, and so do the processes, networks and mounts that it has made. It has 40 minutes.
set -eu
# The first process, the shell, waits for those that others have left behind.
exec timeout --foreground --signal=KILL 2400 \
  unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '
    set -e
    mount -t tmpfs -o mode=0755 none /run
    mkdir -p /run/drill/python
    # Where the user postgres finds it, whoever may look into the folder that it is in.
    mount --bind "$1" /run/drill/python
    shift
    status=0
    "$@" || status=$?
    exit $status
  ' sh "$@"
