#!/bin/bash
# Make sure that the programs the tests call are there: rapper (raptor2-utils), a Chromium, Virtuoso.
set -euo pipefail

missing=()
command -v rapper >/dev/null || missing+=(raptor2-utils)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    missing+=(chromium)
command -v virtuoso-t >/dev/null || missing+=(virtuoso-opensource-7-bin)
[ ${#missing[@]} -eq 0 ] && exit 0

how="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "tests need ${missing[*]}: installing"
    if (export DEBIAN_FRONTEND=noninteractive; bash -c "$how") >&2; then
        exit 0
    fi
fi
echo "tests need ${missing[*]}; as root: $how" >&2
exit 1
