#!/usr/bin/env bash
# Installs the Debian package on a clean Debian 12 with the lines of the Containerfile, and starts it
# there twice: as the container would, and under its unit, with systemd as the first process.
#   tests/package/check.sh DEB      as root; needs mmdebstrap and systemd-nspawn
set -euo pipefail
deb=$(realpath "$1")
cd "$(dirname "$0")/../.."

say() { printf 'package: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

# The Containerfile as this needs it: KEY of its last stage, one a line.
of_last_stage() { sed -n '/^FROM debian:12-slim/,$s/^'"$1"' //p' Containerfile; }
# ["a", "b"] as words.
words_of() { of_last_stage "$1" | tr -d '[]",'; }

sources=/etc/apt/sources.list.d/debian.sources
[ -e "$sources" ] || sources=/etc/apt/sources.list

say "a clean Debian 12, and on it what the Containerfile runs"
of_last_stage RUN >"$work/run.sh"
grep -q apt-get "$work/run.sh" || fail "the Containerfile installs nothing"
mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,dbus,curl \
  --customize-hook="copy-in $deb /tmp" \
  --customize-hook="copy-in $work/run.sh /root" \
  --customize-hook='chroot "$1" sh -eu /root/run.sh >&2' \
  bookworm "$root" - <"$sources"

say "its files are those of the package"
dpkg-deb -c "$deb" | sed -n 's/^-.* \.\(.*\)$/\1/p' | while read -r file; do
  [ -e "$root$file" ] || [[ $file == /usr/share/man/* || $file == /usr/share/doc/* ]] || fail "$file is missing"
done
! ls "$root"/tmp/*.deb 2>/dev/null || fail "the package was left in the image"

# Answers of the server, asked from inside.
cat >"$root/root/ask.sh" <<'ASK'
for _ in $(seq 100); do
  if curl -sf http://127.0.0.1:7070/healthz >/root/healthz; then
    curl -s -X PUT -H 'If-None-Match: *' -d '{"venue":"Hall A"}' -H 'Content-Type: application/json' \
      -o /dev/null -w '%{http_code}\n' "http://127.0.0.1:7070/v1/docs/shows/$1"
    exit
  fi
  sleep 0.2
done
echo nobody answers
ASK

say "as the container starts it: $(words_of ENTRYPOINT) $(words_of CMD), as $(of_last_stage USER)"
# A network of its own, so that nobody else's port is in the way.
answer=$(unshare --net --mount --pid --fork --kill-child sh -euc '
  ip link set lo up
  mount -t proc proc "$1/proc"
  shift
  root=$1 user=$2
  shift 2
  chroot --userspec="$user:$user" "$root" sh -c "cd /var/lib/segue && exec $*" 2>"$root/root/server.log" >&2 &
  chroot "$root" sh /root/ask.sh container
  ' sh "$root" "$root" "$(of_last_stage USER)" $(words_of ENTRYPOINT) $(words_of CMD))
[ "$answer" = 201 ] || { cat "$root/root/server.log" >&2; fail "a document could not be put: $answer"; }

say "under its unit"
cat >"$root/etc/systemd/system/ask.service" <<'UNIT'
[Unit]
After=segue.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'sh /root/ask.sh unit >/root/answer; systemctl show segue -p ActiveState -p NRestarts >/root/state; systemctl stop segue; systemctl show segue -p Result -p ExecMainStatus >>/root/state; systemctl poweroff --force'
[Install]
WantedBy=multi-user.target
UNIT
chroot "$root" systemctl --quiet enable ask.service
timeout 120 systemd-nspawn --quiet --register=no --keep-unit --private-network -D "$root" --boot \
  </dev/null >"$work/boot.log" 2>&1 || true
[ "$(cat "$root/root/answer" 2>/dev/null)" = 201 ] || { tail -50 "$work/boot.log" >&2; fail "nobody answers under the unit"; }
for line in ActiveState=active NRestarts=0 Result=success ExecMainStatus=0; do
  grep -qx "$line" "$root/root/state" || fail "$line does not hold: $(tr '\n' ' ' <"$root/root/state")"
done
say "$(basename "$deb") installs, starts under its unit, serves, and stops cleanly"
