# ask_git.sh CLONE FILE: the newest checkpoints, the oldest first; those of the remote when there is one.
# shellcheck shell=sh
set -eu
export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes'
cd "$1"
at=HEAD
if [ -n "$(git remote)" ]; then
  git fetch -q
  at='@{upstream}'
fi
git log --reverse -n 20 --format=%H "$at" -- "$2" | while read -r commit; do
  printf 'checkpoint %s\n' "$(git show "$commit:$2" | base64 -w 0)"
done
