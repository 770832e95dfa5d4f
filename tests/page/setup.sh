# What both scripts of this folder begin with: node, npm and Chromium there, else 77; the packages
# of package.json installed into the build folder, never here. Sets `folder` (the installed one).
# shellcheck shell=sh

skipped() {
  echo "SKIPPED: $*" >&2
  exit 77
}

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?the build folder to install into}
for tool in node npm; do
  command -v $tool >/dev/null || skipped "$tool is not here (apt-get install nodejs npm)"
done
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$CHROMIUM" ] || skipped "chromium is not here (apt-get install chromium)"
export CHROMIUM
mkdir -p "$folder"
cp "$here"/package.json "$here"/package-lock.json "$here"/.npmrc "$here"/*.mjs "$folder"
# Installed once for each lock file.
if ! cmp -s "$folder/package-lock.json" "$folder/installed.json"; then
  (cd "$folder" && npm ci --ignore-scripts --silent >npm.log 2>&1) || skipped "npm could not install playwright-core and axe-core: $(tail -n 1 "$folder/npm.log")"
  cp "$folder/package-lock.json" "$folder/installed.json"
fi
