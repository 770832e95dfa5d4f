#!/bin/sh
# The report page in Chromium, from disk: run.sh BUILD_FOLDER. Reads the pages of tests/golden/report.
set -eu
# shellcheck source=tests/page/setup.sh
. "$(dirname "$0")/setup.sh"
REPORTS=$here/../golden/report exec node --test --test-reporter=spec "$folder/page_test.mjs"
