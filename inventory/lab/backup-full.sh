#!/bin/sh
set -eu
runuser -u postgres -- pgbackrest --stanza=orders --type=full backup
