#!/bin/sh
# init.sh MUSTER: `muster init`, `check` and `schema` as a user meets them. Prints what is wrong; exit 1.
set -eu
muster=${1:?the binary}
source=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/cli/lib.sh
. "$source/tests/cli/lib.sh"

# A new workspace checks clean, and says what comes next.
status 0 "$muster" init "$room/new"
holds "$room/new/drills/restore-test.yaml" "$room/out"
holds "muster -C $room/new check" "$room/out"
status 0 "$muster" -C "$room/new" check
holds "The workspace is fine: 1 drill (2 steps), 0 playbooks, 1 host, 1 person." "$room/out"
# Without stdin, stdout and stderr nothing that it says lands in a file that it writes.
"$muster" init "$room/closed" <&- >&- 2>&- || wrong "init without open streams ended with $?"
diff -r "$room/new" "$room/closed" || wrong "init without open streams wrote something else"
status 0 "$muster" -C "$room/new" plan restore-test
holds "example-staging-host" "$room/out"
for file in README.md .schema/drill.json .schema/people.json playbooks/.gitkeep reports/.gitignore; do
  [ -s "$room/new/$file" ] || wrong "$file was not made"
done
grep -rn '@[A-Z]*@' "$room/new" && wrong "a template was not filled in"

# Nothing is overwritten, and then nothing is written at all.
before=$(cd "$room/new" && find . -type f -exec sha256sum {} + | sort)
status 2 "$muster" init "$room/new"
holds "README.md, drills/restore-test.yaml" "$room/out"
holds "nothing was written" "$room/out"
[ "$before" = "$(cd "$room/new" && find . -type f -exec sha256sum {} + | sort)" ] || wrong "init changed a workspace"
for file in README.md inventory/people.yaml .schema; do
  rm -rf "$room/part"
  mkdir -p "$room/part/$(dirname "$file")"
  ln -s nowhere "$room/part/$file"
  status 2 "$muster" init "$room/part"
  holds "holds already: $file" "$room/out"
  [ "$(find "$room/part" ! -type d | wc -l)" = 1 ] || wrong "init wrote beside $file"
done
mkdir "$room/here"
(cd "$room/here" && "$muster" init >"$room/out") || wrong "init here"
holds "  muster check" "$room/out"

# Errors for machines: place, what, advice.
printf 'drils: x\n' >"$room/new/drills/bad.yaml"
status 2 "$muster" -C "$room/new" check
holds "drills/bad.yaml:1:1: a drill needs \`drill\`" "$room/out"
status 2 "$muster" -C "$room/new" check --json
for text in '"file": "drills/bad.yaml"' '"line": 1' '"column": 1' "\"what\": \"\`drils\` is not a key of a drill\"" \
  "\"hint\": \"did you mean \`drill\`?\""; do
  holds "$text" "$room/out"
done
rm "$room/new/drills/bad.yaml"

# A playbook that no drill uses is checked against the catalogue all the same.
cat >"$room/new/playbooks/p.yaml" <<'END'
playbook: p
inputs: {size: {type: size}, port: {type: integer}, name: {type: string}}
targets: {t: {hosts: 1}}
services: {s: {tcp: "${t.address}:${port}"}}
steps:
  - {inject: disk.fill, target: t, with: {path: /srv, size: "${size}"}}
END
status 0 "$muster" -C "$room/new" check
holds "1 playbook (1 of them in no drill)" "$room/out"
sed -i 's/disk.fill/disk.fil/' "$room/new/playbooks/p.yaml"
status 2 "$muster" -C "$room/new" check
holds "playbooks/p.yaml:6:14: \`disk.fil\` is not a fault of the catalogue" "$room/out"
holds "did you mean \`disk.fill\`?" "$room/out"
rm "$room/new/playbooks/p.yaml"

# Schemas: every kind, what a fault takes, and what there is when the word is wrong.
for kind in drill playbook people secrets lab; do
  status 0 "$muster" schema "$kind"
  holds "\"\$id\": \"urn:muster:schema:$kind\"" "$room/out"
done
status 0 "$muster" schema fault disk.fill
holds '"path"' "$room/out"
status 0 "$muster" schema restore pgbackrest --markdown
# shellcheck disable=SC2016 # Markdown's quotes
holds '| `stanza` |' "$room/out"
status 2 "$muster" schema fault disk.fil
holds "did you mean \`disk.fill\`?" "$room/out"
status 2 "$muster" schema
holds "there is: drill, playbook" "$room/out"
status 0 "$muster" schema --markdown
cmp -s "$room/out" "$source/docs/reference.md" ||
  wrong "docs/reference.md is not what \`muster schema --markdown\` prints: write it anew"

finish "init, check and schema"
