
# Frames: data lines, one frame a call (docs/sudo.md, "What travels").
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# gate_no WHY: the frame is read to its end, and refused. WHY is ours, never a value of the frame.
gate_no() {
  [ -n "$g_why" ] || g_why=$1
  return 1
}

# gate_name WORD: fit to name a run, an effect, a store, a fault.
gate_name() {
  case $1 in '' | [.-]* | *[!A-Za-z0-9_.-]*) return 1 ;; esac
  [ "${#1}" -le 128 ]
}

# gate_id WORD: an effect's id, as Muster makes them. Others could stand for something else: a unit's name, an option.
gate_id() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ "${#1}" = 32 ]
}

# gate_key WORD: fit to name a parameter, and so a part of a variable's name.
gate_key() {
  case $1 in '' | *[!a-z0-9_]*) return 1 ;; esac
  [ "${#1}" -le 64 ]
}

# gate_octal TEXT: as Muster writes values: plain characters, and \0NNN of the bytes 1 to 255. Shells read other
# sequences each in its own way.
gate_octal() {
  case $1 in
    *[!A-Za-z0-9_./:=@,+\\-]*) return 1 ;;
    *\\ | *\\0 | *\\0[0-3] | *\\0[0-3][0-7] | *\\[!0]* | *\\0[!0-3]* | *\\0[0-3][!0-7]* | *\\0[0-3][0-7][!0-7]*)
      return 1
      ;;
    *\\0000*) return 1 ;;
  esac
}

# gate_line TEXT: one short line for people.
gate_line() {
  case $1 in *[[:cntrl:]]*) return 1 ;; esac
  [ "${#1}" -le 1024 ]
}

# gate_value NAME TEXT: a value that speaks to a verb is what such a value may be.
gate_value() {
  case $1 in
    life | epoch | lease_until_cs | cap_s | lock_s | search_s) m_is_number "$2" ;;
    store | fault | witness_of) gate_name "$2" ;;
    drill | who | host) gate_line "$2" ;;
    witness) case $2 in *[[:cntrl:]]*) return 1 ;; *) [ "${#2}" -le 4096 ] ;; esac ;;
    held | force | tidy) [ "$2" = yes ] ;;
    boot_id) case $2 in '' | *[!0-9a-f-]*) return 1 ;; *) [ "${#2}" -le 80 ] ;; esac ;;
    phase) gate_key "$2" ;;
    sha256) case $2 in *[!0-9a-f]*) return 1 ;; *) [ "${#2}" = 64 ] ;; esac ;;
    tools) case $2 in *[!A-Za-z0-9_.+\ -]*) return 1 ;; *) [ "${#2}" -le 4096 ] ;; esac ;;
    *) return 1 ;;
  esac
}

# gate_take KIND NAME OCTAL: one data line, as G_p_NAME and O_NAME, V_NAME, A_N, or what the command reads.
gate_take() {
  gate_octal "$3" || return 1
  G_TEXT=$(printf '%b_' "$3")
  G_TEXT=${G_TEXT%_}
  case $1 in
    v)
      gate_key "$2" || return 1
      gate_value "$2" "$G_TEXT" || gate_no "a value '$2' that is none of this verb's, or is not as such values are"
      [ -n "$g_why" ] || eval "V_$2=\$G_TEXT"
      ;;
    p)
      gate_key "$2" || return 1
      eval "[ \"\${G_p_$2+x}\" != x ]" || return 1
      eval "G_p_$2=\$G_TEXT O_$2=\$3"
      V_params="$V_params${V_params:+ }$2"
      g_params=$((g_params + 1))
      ;;
    a)
      [ "$2" = "$A_count" ] || return 1
      eval "A_$A_count=\$G_TEXT"
      A_count=$((A_count + 1))
      ;;
    i)
      [ "$2" = - ] && [ -z "$g_input" ] || return 1
      g_input=$3
      ;;
    *) return 1 ;;
  esac
}

# gate_read: one frame. False: there is none any more, or what came is none; then nothing is done, and the gate ends.
gate_read() {
  g_why='' g_params=0 g_input='' A_count=0 V_params=''
  read -r g_word g_nonce g_verb g_id V_run g_more || return 1
  [ "$g_word" = muster-gate-1 ] && gate_name "$g_nonce" && [ -z "$g_more" ] || {
    gate_log "what came is no frame of Muster"
    return 1
  }
  case $g_verb in
    hello | facts | lock | unlock | arm | inject | phase | revert | hold | disarm | renew | command | survey | sweep) ;;
    *)
      g_verb=none
      gate_no "this gate has no such verb"
      ;;
  esac
  if [ "$g_id" != - ]; then gate_id "$g_id" || gate_no "what should be an effect's id is none"; fi
  gate_name "$V_run" || gate_no "what should be a run's id is none"
  g_bytes=0 g_lines=0
  while :; do
    read -r g_kind g_name g_octal g_more || return 1
    g_bytes=$((g_bytes + ${#g_name} + ${#g_octal})) g_lines=$((g_lines + 1))
    if [ "$g_kind $g_name" = "end $g_nonce" ] && [ -z "$g_octal" ]; then return 0; fi
    if [ "$g_bytes" -gt 1048576 ] || [ "$g_lines" -gt 2000 ] || [ -n "$g_more" ] ||
      ! gate_take "$g_kind" "$g_name" "$g_octal"; then
      gate_log "a line that is none of a frame"
      return 1
    fi
  done
}
