# shellcheck shell=sh
# The probe `file`: is the file as it should be? Exit 0 and a line that says how it is; else exit 1
# and a line that says what is wrong with it. Runs on the controller or on a host, under dash and
# busybox, as the user who asks. What it compares with comes as arguments and is never parsed.
#   sh -c SCRIPT muster-file PATH MIN_BYTES NEWER_THAN_SECONDS CONTAINS SHA256    ('' = whatever)
LC_ALL=C
export LC_ALL
path=$1 min=$2 newer=$3 contains=$4 sha256=$5

down() {
  printf '%s\n' "$1"
  exit 1
}

number() { # number TEXT WHAT
  case $1 in
    *[!0-9]*) down "'$1' is not a whole number of $2" ;;
  esac
}

number "$min" bytes
number "$newer" seconds
case $contains in
  *'
'*) down "text with a line break cannot be looked for" ;;
esac
[ -e "$path" ] || down "there is no $path, or it cannot be reached"
[ -f "$path" ] || down "$path is not a plain file"
size=$(stat -L -c %s "$path") || down "$path cannot be looked at"
changed=$(stat -L -c %Y "$path") || down "$path cannot be looked at"
age=$(($(date +%s) - changed))
if [ -n "$min" ] && [ "$size" -lt "$min" ]; then
  down "$size bytes, $min are wanted"
fi
# Clocks differ by a little; a date that lies ahead says nothing of when it was changed.
if [ -n "$newer" ] && [ "$age" -lt -60 ]; then
  down "its time lies $((-age)) s in the future"
fi
if [ -n "$newer" ] && [ "$age" -gt "$newer" ]; then
  down "changed $age s ago, $newer s at most are wanted"
fi
if [ -n "$contains$sha256" ] && ! [ -r "$path" ]; then
  down "$path cannot be read"
fi
if [ -n "$contains" ]; then
  head -c 1048576 "$path" | grep -q -F -e "$contains" || down "its first MiB lacks the text"
fi
if [ -n "$sha256" ]; then
  sum=$(sha256sum <"$path" | cut -d ' ' -f 1)
  [ "$sum" = "$sha256" ] || down "its SHA-256 is $sum"
fi
printf '%s bytes, changed %s s ago\n' "$size" "$age"
