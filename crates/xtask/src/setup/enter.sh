# enter.sh ROOT FOLDER SHARED... -- PROGRAM [ARGUMENT...]
#
# Runs a program inside the Debian in ROOT, standing in FOLDER. The SHARED folders of this machine are there at their own
# places, FOLDER is one of them or lies below one. To be run with mounts of its own (`unshare --mount`): they end with it.
set -eu
root=$1 folder=$2
shift 2
mount -t proc proc "$root/proc"
while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
done
shift
exec chroot "$root" sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
