#!/bin/sh
set -eu
runuser -u postgres -- pgbackrest --stanza=orders --type=incr backup
runuser -u postgres -- pgbackrest --stanza=orders info
