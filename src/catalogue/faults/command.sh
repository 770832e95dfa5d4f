#!/bin/sh
# fault: command
# title: Run a command that another one undoes
# healer: target
# root: no
# tools: mv rm sed tail tr
# param do list required -- the command
# param undo list required -- the command that undoes it; must do no harm when there is nothing to undo

# shellcheck disable=SC2154
# What a `run` step with `undo:` becomes. Nobody but its author knows how to tell whether it took effect: the
# exit status is all the proof there is, so the drill should `check` what it relies on.

# The marks are made before anything is done, and renamed later: where M_DIR is may have room for no more files then.
# A host that was started anew has made none.
mark() { mv -f "$M_DIR/not_$1" "$M_DIR/$1" 2>/dev/null || true >"$M_DIR/$1"; }

precheck() {
  for list in "do" undo; do
    eval "program=\${P_${list}_0-}"
    m_have "$program" || no "$list: '$program' is no command here"
  done
  { true >"$M_DIR/not_done" && true >"$M_DIR/not_undone"; } || cannot "what is done cannot be remembered"
}

inject() {
  # Only here there may be something to read: `stdin` of the step.
  list_run_reading "do" || no "the command ended with status $?"
  mark "done"
}

verify() { [ -e "$M_DIR/done" ] || no "the command did not come to its end"; }

revert() {
  list_run undo || cannot "the undo command ended with status $?"
  mark undone
}

clean() { [ -e "$M_DIR/undone" ] || cannot "the undo command did not come to its end"; }
