#!/bin/sh
# Takes docs/report.png anew, from the page of the drill that loses a primary: screenshot.sh BUILD_FOLDER
set -eu
# shellcheck source=tests/page/setup.sh
. "$(dirname "$0")/setup.sh"
top=$(cd "$here/../.." && pwd)
node "$folder/screenshot.mjs" "$top/tests/golden/report/pass.html" "$top/docs/report.png"
