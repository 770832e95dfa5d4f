#!/bin/sh
# Runs once, inside the root file system that all nodes share.
# What a package starts by itself would run on every node: each node's script says what it runs.
pg_dropcluster 15 main
systemctl disable haproxy.service cron.service
systemctl mask pgbackrest.service
