# shellcheck shell=sh disable=SC2034,SC2154
# For faults with `uses: own peers packets tables`: puts the rules of packets.sh in, by one transaction (of iptables:
# one for each family), reads them back, and removes them by their names. What others have put there is not changed.

# pick_tool: M_TOOL, the first that would take the rules as they are.
pick_tool() {
  m_tags
  families
  why_not=
  case ${P_tool:-any} in
    nft | iptables) tools=$P_tool ;;
    any) tools='nft iptables' ;;
    *) cannot "tool: '$(printf '%.40s' "$P_tool")' is neither nft nor iptables" ;;
  esac
  for M_TOOL in $tools; do
    if would_take; then return 0; fi
  done
  cannot "neither nft nor iptables can be used here:$why_not"
}

would_take() {
  if [ "$M_TOOL" = nft ]; then
    m_have nft || { why_not="$why_not nft is not installed;" && return 1; }
    nft_rules >"$M_DIR/nft" || cannot "the rules cannot be written"
    out=$(nft -c -f "$M_DIR/nft" 2>&1) || { why_not="$why_not nft: $(first_line "$out");" && return 1; }
    return 0
  fi
  for family in $M_FAMILIES; do
    m_have "$(ipt "$family")-restore" || { why_not="$why_not $(ipt "$family") is not installed;" && return 1; }
    ipt_rules "$family" >"$M_DIR/ipt$family" || cannot "the rules cannot be written"
    out=$("$(ipt "$family")-restore" -w --noflush --test <"$M_DIR/ipt$family" 2>&1) ||
      { why_not="$why_not $(ipt "$family"): $(first_line "$out");" && return 1; }
  done
}
first_line() { printf '%s\n' "$1" | head -n 1 | cut -c 1-200; }

# put_in: all or, when it fails, nothing (of one family).
put_in() {
  if [ "$M_TOOL" = nft ]; then
    nft -f "$M_DIR/nft"
    return
  fi
  for family in $M_FAMILIES; do
    "$(ipt "$family")-restore" -w --noflush <"$M_DIR/ipt$family" || return 1
  done
}

# tools_used: M_TOOLS, what this effect may have used; all that is here when that is forgotten.
tools_used() {
  m_tags
  M_TOOLS=
  read -r M_TOOLS 2>/dev/null <"$M_DIR/tool" || :
  if [ -n "$M_TOOLS" ]; then return 0; fi
  m_have nft && M_TOOLS=nft
  ! m_have iptables || M_TOOLS="$M_TOOLS iptables"
}

# ours TOOL: what is there with our name, without counters; fails when that cannot be told.
ours() {
  if [ "$1" = nft ]; then
    found=$(nft list tables) || return 2
    ! printf '%s\n' "$found" | grep -qxF "table inet $TABLE" || nft -s list table inet "$TABLE"
    return
  fi
  for family in 4 6; do
    m_have "$(ipt "$family")" || continue
    # A kernel without IPv6 has no rules for it either.
    found=$("$(ipt "$family")" -w -S) || { [ "$family" = 6 ] && [ ! -e /proc/net/if_inet6 ] && continue || return 2; }
    printf '%s\n' "$found" | grep -F -- "$TAG-" || :
  done
}

# take_out: goes on after a failure; `ours` tells what it has come to.
take_out() {
  tools_used
  for tool in $M_TOOLS; do
    if [ "$tool" = nft ]; then
      [ -z "$(ours nft)" ] || nft delete table inet "$TABLE"
      continue
    fi
    for family in 4 6; do
      m_have "$(ipt "$family")" || continue
      for chain in input output forward; do ipt_take_out "$(ipt "$family")" "$chain"; done
    done
  done
}
ipt_take_out() {
  name=$(chain_name "$2")
  "$1" -w -S "$name" >/dev/null 2>&1 || return 0
  hook=$(echo "$2" | tr '[:lower:]' '[:upper:]')
  while "$1" -w -D "$hook" -j "$name" 2>/dev/null; do :; done
  "$1" -w -F "$name" && "$1" -w -X "$name"
}

# cut_packets: M_PACKETS, how many were cut up to now.
cut_packets() {
  M_PACKETS=0
  counts=$(if [ "$M_TOOL" = nft ]; then
    nft list table inet "$TABLE" | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'
  else
    for family in $M_FAMILIES; do
      "$(ipt "$family")" -w -v -S | grep -F -- "-A $TAG-" |
        sed -n -e 's/.* -c \([0-9]*\) [0-9]* -j DROP.*/\1/p' -e 's/.* -c \([0-9]*\) [0-9]* -j REJECT.*/\1/p'
    done
  fi)
  for n in $counts; do M_PACKETS=$((M_PACKETS + n)); done
}

# ways_first: in every chain that could cut them, the connections of M_WAYS are let through before anything is cut.
ways_first() {
  for chain in $M_CHAINS; do
    [ "$chain" != forward ] || continue
    if [ "$M_TOOL" = nft ]; then
      want=$(printf '%s' "$M_WAYS" | grep -c .)
      have=$(nft -s list chain inet "$TABLE" "$chain" | sed '/ counter /,$d' | grep -c '"muster: way in"')
      [ "$have" = "$want" ] || return 1
      continue
    fi
    for family in $M_FAMILIES; do
      want=$(printf '%s' "$M_WAYS" | grep -c "^$family ")
      have=$("$(ipt "$family")" -w -S "$(chain_name "$chain")" | sed '/-j DROP/,$d; /-j REJECT/,$d' |
        grep -cE -- '--[sd]port [0-9]+ -j RETURN')
      [ "$have" = "$want" ] || return 1
    done
  done
}

# others: a checksum of all rules of this host but ours, without counters, and without the empty chains that iptables
# makes when it is first used.
others() {
  tools_used
  for tool in $M_TOOLS; do
    if [ "$tool" = nft ]; then
      nft -s list ruleset | sed "/^table inet $TABLE {/,/^}/d"
    else
      for family in 4 6; do
        ! m_have "$(ipt "$family")-save" || "$(ipt "$family")-save"
      done | grep -vF -- "$TAG-" | sed '/^#/d; /^\*/d; /^COMMIT/d; /^:[A-Z]* ACCEPT /d; s/ \[[0-9]*:[0-9]*\]$//'
    fi
  done 2>/dev/null | cksum
}
