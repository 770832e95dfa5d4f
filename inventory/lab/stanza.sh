#!/bin/sh
# repo-1: makes the stanza and proves that WAL arrives.
set -eu
runuser -u postgres -- pgbackrest --stanza=orders stanza-create
runuser -u postgres -- pgbackrest --stanza=orders check
