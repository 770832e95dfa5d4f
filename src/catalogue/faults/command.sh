#!/bin/sh
# fault: command
# title: Run a command that another one undoes
# healer: target
# root: no
# param do list required -- the command
# param undo list required -- the command that undoes it; must do no harm when there is nothing to undo

# shellcheck disable=SC2154
# What a `run` step with `undo:` becomes. Nobody but its author knows how to tell whether it took effect: the
# exit status is all the proof there is, so the drill should `check` what it relies on.

precheck() {
  for list in "do" undo; do
    eval "program=\${P_${list}_0-}"
    m_have "$program" || no "$list: '$program' is no command here"
  done
}

inject() {
  # Only here there may be something to read: `stdin` of the step.
  list_run_reading "do" || no "the command ended with status $?"
  : >"$M_DIR/done"
}

verify() { [ -e "$M_DIR/done" ] || no "the command did not come to its end"; }

revert() {
  list_run undo || cannot "the undo command ended with status $?"
  : >"$M_DIR/undone"
}

clean() { [ -e "$M_DIR/undone" ] || cannot "the undo command did not come to its end"; }
